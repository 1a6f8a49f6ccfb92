package dev.nordfaas.function;

import com.pulumi.kubernetes.meta.v1.inputs.ObjectMetaArgs;
import java.util.Map;
import java.util.TreeMap;

/** Object metadata of a workload. */
final class WorkloadMetadata {
  /**
   * Tells Pulumi's provider to take over fields that somebody else has set. When an autoscaler
   * goes, the number of replicas is still the autoscaler's.
   */
  private static final Map<String, String> FORCED = Map.of("pulumi.com/patchForce", "true");

  private WorkloadMetadata() {}

  /** The metadata of an object that has the workload's name. */
  static ObjectMetaArgs of(Workload workload) {
    return of(workload, workload.name());
  }

  /** The metadata of its Deployment, with what the config adds. */
  static ObjectMetaArgs ofDeployment(Workload workload) {
    var metadata =
        ObjectMetaArgs.builder()
            .namespace(workload.namespace())
            .name(workload.name())
            .labels(workload.deploymentLabels());
    var annotations = new TreeMap<>(workload.own().annotations());
    if (!workload.autoscaled()) {
      annotations.putAll(FORCED);
    }
    return (annotations.isEmpty() ? metadata : metadata.annotations(annotations)).build();
  }

  static ObjectMetaArgs of(Workload workload, String name) {
    return ObjectMetaArgs.builder()
        .namespace(workload.namespace())
        .name(name)
        .labels(workload.labels())
        .build();
  }
}
