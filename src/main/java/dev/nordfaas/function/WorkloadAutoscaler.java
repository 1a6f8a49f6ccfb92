package dev.nordfaas.function;

import com.pulumi.kubernetes.autoscaling.v2.HorizontalPodAutoscalerArgs;
import com.pulumi.kubernetes.autoscaling.v2.inputs.CrossVersionObjectReferenceArgs;
import com.pulumi.kubernetes.autoscaling.v2.inputs.HPAScalingPolicyArgs;
import com.pulumi.kubernetes.autoscaling.v2.inputs.HPAScalingRulesArgs;
import com.pulumi.kubernetes.autoscaling.v2.inputs.HorizontalPodAutoscalerBehaviorArgs;
import com.pulumi.kubernetes.autoscaling.v2.inputs.HorizontalPodAutoscalerSpecArgs;
import com.pulumi.kubernetes.autoscaling.v2.inputs.MetricSpecArgs;
import com.pulumi.kubernetes.autoscaling.v2.inputs.MetricTargetArgs;
import com.pulumi.kubernetes.autoscaling.v2.inputs.ResourceMetricSourceArgs;

/** The autoscaler of a workload, tuned for latency: up at once, down slowly. */
public final class WorkloadAutoscaler {
  private static final String PERCENT = "Percent";
  private static final String PODS = "Pods";

  private WorkloadAutoscaler() {}

  /** Aims at the share of the requested CPU that the config names. */
  public static HorizontalPodAutoscalerArgs of(Workload workload) {
    var scale = workload.scale();
    return HorizontalPodAutoscalerArgs.builder()
        .metadata(WorkloadMetadata.of(workload))
        .spec(
            HorizontalPodAutoscalerSpecArgs.builder()
                .scaleTargetRef(
                    CrossVersionObjectReferenceArgs.builder()
                        .apiVersion("apps/v1")
                        .kind("Deployment")
                        .name(workload.name())
                        .build())
                .minReplicas(scale.min())
                .maxReplicas(scale.max())
                .metrics(cpu(scale.targetCpuPercent()))
                .behavior(
                    HorizontalPodAutoscalerBehaviorArgs.builder()
                        .scaleUp(up())
                        .scaleDown(down())
                        .build())
                .build())
        .build();
  }

  private static MetricSpecArgs cpu(int percent) {
    return MetricSpecArgs.builder()
        .type("Resource")
        .resource(
            ResourceMetricSourceArgs.builder()
                .name("cpu")
                .target(
                    MetricTargetArgs.builder()
                        .type("Utilization")
                        .averageUtilization(percent)
                        .build())
                .build())
        .build();
  }

  /** Every 15 seconds, the autoscaler's own period: double, or four more, whichever is more. */
  private static HPAScalingRulesArgs up() {
    return HPAScalingRulesArgs.builder()
        .stabilizationWindowSeconds(0)
        .selectPolicy("Max")
        .policies(policy(PERCENT, 100, 15), policy(PODS, 4, 15))
        .build();
  }

  /** One pod a minute, and only after five minutes in which fewer would have done. */
  private static HPAScalingRulesArgs down() {
    return HPAScalingRulesArgs.builder()
        .stabilizationWindowSeconds(300)
        .policies(policy(PODS, 1, 60))
        .build();
  }

  private static HPAScalingPolicyArgs policy(String type, int value, int periodSeconds) {
    return HPAScalingPolicyArgs.builder()
        .type(type)
        .value(value)
        .periodSeconds(periodSeconds)
        .build();
  }
}
