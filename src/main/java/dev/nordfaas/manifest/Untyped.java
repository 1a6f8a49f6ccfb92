package dev.nordfaas.manifest;

import com.pulumi.core.Output;
import com.pulumi.resources.ResourceArgs;

/**
 * Fields of Kubernetes that Pulumi's Java types do not have: the newest are those of Kubernetes
 * 1.27.
 */
public final class Untyped {
  private Untyped() {}

  /**
   * An object with such fields in the place of the type without them. Pulumi serialises by the
   * object's own class, not by the declared one.
   */
  @SuppressWarnings("unchecked")
  public static <T extends ResourceArgs> Output<T> inPlaceOf(ResourceArgs args) {
    return (Output<T>) (Output<?>) Output.of(args);
  }
}
