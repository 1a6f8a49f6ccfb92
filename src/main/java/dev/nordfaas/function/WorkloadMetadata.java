package dev.nordfaas.function;

import com.pulumi.kubernetes.meta.v1.inputs.ObjectMetaArgs;

/** Object metadata of a workload. */
final class WorkloadMetadata {
  private WorkloadMetadata() {}

  /** The metadata of an object that has the workload's name. */
  static ObjectMetaArgs of(Workload workload) {
    return of(workload, workload.name());
  }

  static ObjectMetaArgs of(Workload workload, String name) {
    return ObjectMetaArgs.builder()
        .namespace(workload.namespace())
        .name(name)
        .labels(workload.labels())
        .build();
  }
}
