package dev.nordfaas.customresource;

import com.pulumi.resources.CustomResource;
import com.pulumi.resources.CustomResourceOptions;

/** An object of a custom type, in the cluster of its component's provider. */
public final class KubernetesCustomResource extends CustomResource {
  /** Registers the object; {@code args} are of the same type. */
  public KubernetesCustomResource(
      String name,
      CustomResourceType type,
      CustomResourceArgs args,
      CustomResourceOptions options) {
    super(type.token(), name, args, options);
  }
}
