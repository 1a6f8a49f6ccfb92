package dev.nordfaas.manifest;

import com.pulumi.core.Output;
import com.pulumi.kubernetes.core.v1.SecretArgs;
import com.pulumi.kubernetes.core.v1.ServiceAccountArgs;
import com.pulumi.kubernetes.core.v1.inputs.LocalObjectReferenceArgs;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/**
 * The logins that a namespace's images are pulled with. Service accounts refer to them, so the pods
 * of an account do not have to.
 *
 * @param used whether there is a login at all
 */
public record PullSecret(boolean used) {
  /** Its name in each namespace. */
  public static final String NAME = "registries";

  /** For images that anybody may pull. */
  public static final PullSecret NONE = new PullSecret(false);

  private static final String TYPE = "kubernetes.io/dockerconfigjson";
  private static final String KEY = ".dockerconfigjson";

  /** Lets the pods of an account pull with it. */
  public ServiceAccountArgs.Builder on(ServiceAccountArgs.Builder account) {
    return used
        ? account.imagePullSecrets(LocalObjectReferenceArgs.builder().name(NAME).build())
        : account;
  }

  /**
   * The Secret.
   *
   * @param namespace where it is
   * @param labels of the object
   * @param users the users by their registry's host
   * @param passwords the passwords by their registry's host
   */
  public static SecretArgs secret(
      String namespace,
      Labels labels,
      Map<String, String> users,
      Output<Map<String, String>> passwords) {
    return SecretArgs.builder()
        .metadata(Metadata.of(namespace, NAME, labels))
        .type(TYPE)
        .stringData(
            passwords.applyValue(texts -> Map.of(KEY, dockerConfig(users, texts))).asSecret())
        .build();
  }

  /**
   * What {@code docker login} would have written, except that the logins are not encoded, so that a
   * rendered file shows where they belong.
   */
  static String dockerConfig(Map<String, String> users, Map<String, String> passwords) {
    var logins = new TreeMap<String, Map<String, String>>();
    passwords.forEach(
        (host, password) ->
            logins.put(
                host, new TreeMap<>(Map.of("username", users.get(host), "password", password))));
    return new JsonMapper().writeValueAsString(Map.of("auths", logins));
  }
}
