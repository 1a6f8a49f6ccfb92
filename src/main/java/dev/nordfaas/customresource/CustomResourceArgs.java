package dev.nordfaas.customresource;

import com.pulumi.core.Output;
import com.pulumi.core.annotations.Import;
import com.pulumi.kubernetes.meta.v1.inputs.ObjectMetaArgs;
import com.pulumi.resources.ResourceArgs;
import java.util.Map;

/**
 * Inputs of a custom resource: the fields that every Kubernetes object has.
 *
 * <p>The spec is a record, so that a misspelt field does not compile.
 */
@SuppressWarnings("UnusedVariable") // Pulumi reads the fields by reflection.
public final class CustomResourceArgs extends ResourceArgs {
  @Import(name = "apiVersion", required = true)
  private final Output<String> apiVersion;

  @Import(name = "kind", required = true)
  private final Output<String> kind;

  @Import(name = "metadata", required = true)
  private final Output<ObjectMetaArgs> metadata;

  @Import(name = "spec", required = true)
  private final Output<Map<String, Object>> spec;

  /**
   * The inputs of an object.
   *
   * @param type group, version and kind
   * @param metadata namespace, name, labels, annotations
   * @param spec the object's spec; its components are named like the fields
   */
  public CustomResourceArgs(CustomResourceType type, ObjectMetaArgs metadata, Record spec) {
    this.apiVersion = Output.of(type.apiVersion());
    this.kind = Output.of(type.kind());
    this.metadata = Output.of(metadata);
    this.spec = Output.of(SpecFields.of(spec));
  }
}
