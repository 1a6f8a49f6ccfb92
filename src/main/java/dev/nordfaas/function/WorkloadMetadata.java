package dev.nordfaas.function;

import com.pulumi.kubernetes.meta.v1.inputs.ObjectMetaArgs;
import java.util.Map;

/** Object metadata of a workload. */
final class WorkloadMetadata {
  private WorkloadMetadata() {}

  /** The metadata of an object that has the workload's name. */
  static ObjectMetaArgs of(Workload workload) {
    return of(workload, workload.name());
  }

  static ObjectMetaArgs of(Workload workload, String name) {
    return builder(workload, name).build();
  }

  /** The metadata of an object that has the workload's name, and annotations. */
  static ObjectMetaArgs annotated(Workload workload, Map<String, String> annotations) {
    return builder(workload, workload.name()).annotations(annotations).build();
  }

  private static ObjectMetaArgs.Builder builder(Workload workload, String name) {
    return ObjectMetaArgs.builder()
        .namespace(workload.namespace())
        .name(name)
        .labels(workload.labels());
  }
}
