package dev.nordfaas.manifest;

import com.pulumi.kubernetes.meta.v1.inputs.LabelSelectorArgs;
import com.pulumi.kubernetes.meta.v1.inputs.ObjectMetaArgs;
import java.util.Map;

/** Object metadata. */
public final class Metadata {
  private Metadata() {}

  /** The metadata of a namespaced object. */
  public static ObjectMetaArgs of(String namespace, String name, Labels labels) {
    return ObjectMetaArgs.builder().namespace(namespace).name(name).labels(labels.all()).build();
  }

  /** The metadata of an object without namespace. */
  public static ObjectMetaArgs ofCluster(String name, Labels labels) {
    return ObjectMetaArgs.builder().name(name).labels(labels.all()).build();
  }

  /** Selects the pods of one workload. */
  public static LabelSelectorArgs selector(Labels labels) {
    return selector(labels.selector());
  }

  /** Selects the pods that have all of the labels. */
  public static LabelSelectorArgs selector(Map<String, String> labels) {
    return LabelSelectorArgs.builder().matchLabels(labels).build();
  }
}
