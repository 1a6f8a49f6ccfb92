package dev.nordfaas.testing;

import static org.assertj.core.api.Assertions.fail;

import com.google.gson.Gson;
import java.lang.reflect.InvocationTargetException;
import java.util.Locale;
import java.util.Map;

/**
 * Checks manifests against the API types of Kubernetes' own Java client, strictly: a field that the
 * type does not have, a missing required one or one of another type fails. Custom resources are
 * checked by {@link CustomResourceTypes}.
 */
public final class KubernetesTypes {
  private static final Gson GSON = new Gson();

  private KubernetesTypes() {}

  /** Whether the object is of a type that Kubernetes itself does not have. */
  public static boolean isCustom(Map<String, Object> object) {
    var group = object.get("apiVersion").toString().replaceFirst("/.*", "");
    return group.contains(".") && !group.endsWith(".k8s.io");
  }

  /**
   * Fails, naming the object, unless it is valid for the type that its apiVersion and kind name.
   */
  public static void validate(Map<String, Object> object) {
    var apiVersion = object.get("apiVersion").toString();
    var kind = object.get("kind").toString();
    if (isCustom(object)) {
      CustomResourceTypes.validate(object);
      return;
    }
    // "apps/v1" and "v1" alike: the client names its classes V1Deployment, V1Service.
    var version = apiVersion.substring(apiVersion.indexOf('/') + 1);
    var className =
        "io.kubernetes.client.openapi.models."
            + version.substring(0, 1).toUpperCase(Locale.ROOT)
            + version.substring(1)
            + kind;
    try {
      Class.forName(className)
          .getMethod("fromJson", String.class)
          .invoke(null, GSON.toJson(object));
    } catch (InvocationTargetException e) {
      fail("%s %s: %s", kind, object.get("metadata"), e.getCause().getMessage());
    } catch (ReflectiveOperationException e) {
      fail("%s %s is no type of the Kubernetes API", apiVersion, kind);
    }
  }
}
