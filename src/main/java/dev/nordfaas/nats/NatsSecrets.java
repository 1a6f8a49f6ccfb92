package dev.nordfaas.nats;

import dev.nordfaas.manifest.Checksums;
import dev.nordfaas.manifest.Namespaces;
import dev.nordfaas.tls.ServerTls;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The servers' secrets.
 *
 * @param passwords by role
 * @param clusterPassword between the servers, if there are several
 * @param tls keys and certificates
 */
public record NatsSecrets(
    SortedMap<String, String> passwords, Optional<String> clusterPassword, ServerTls tls) {
  public NatsSecrets {
    passwords = new TreeMap<>(passwords);
  }

  /**
   * The files next to {@code nats.conf}.
   *
   * @param natsConf that file; the servers report the version that they have read as a checksum of
   *     it
   * @param replicas how many servers there are
   */
  public SortedMap<String, String> files(String natsConf, int replicas) {
    var files = new TreeMap<String, String>();
    files.put(ServerTls.CA_FILE, tls.caCertificate());
    files.put(ServerTls.CERTIFICATE_FILE, tls.certificate());
    files.put(ServerTls.PRIVATE_KEY_FILE, tls.privateKey());
    files.put(
        NatsConf.SECRETS_FILE,
        "server_metadata { config: \"%s\" }\n".formatted(version(natsConf, replicas))
            + variables(replicas));
    return files;
  }

  /** The checksum of everything that the servers read. */
  public String version(String natsConf, int replicas) {
    return Checksums.of(natsConf + variables(replicas) + tls);
  }

  /**
   * Secrets that are only changed by a restart: the user that makes the servers reload has to be
   * able to log in.
   */
  public String restartingPart() {
    return passwords.get(NatsUser.SYSTEM) + clusterPassword.orElse("") + tls.caCertificate();
  }

  private String variables(int replicas) {
    var variables = new TreeMap<String, String>();
    passwords.forEach(
        (role, password) -> variables.put(Nats.passwordVariable(role), quoted(password)));
    clusterPassword.ifPresent(
        password -> {
          variables.put(Nats.CLUSTER_PASSWORD, quoted(password));
          variables.put(Nats.CLUSTER_ROUTES, routes(password, replicas));
        });
    return variables.entrySet().stream()
        .map(variable -> "%s: %s\n".formatted(variable.getKey(), variable.getValue()))
        .collect(Collectors.joining());
  }

  private static String quoted(String text) {
    return "\"" + text + "\"";
  }

  /** The password of a route can only be in its URL. */
  private static String routes(String password, int replicas) {
    return Nats.servers(replicas).stream()
        .map(
            server ->
                quoted(
                    "nats://%s:%s@%s.%s.%s.svc.cluster.local:%d"
                        .formatted(
                            NatsUser.CLUSTER,
                            password,
                            server,
                            Nats.HEADLESS,
                            Namespaces.NATS,
                            Nats.CLUSTER_PORT)))
        .collect(Collectors.joining(", ", "[", "]"));
  }

  /** For logs and exceptions: without any values. */
  @Override
  public String toString() {
    return "NatsSecrets of " + Map.copyOf(passwords).keySet();
  }
}
