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
import dev.nordfaas.config.ScaleConfig.ScaleDown;
import dev.nordfaas.config.ScaleConfig.ScaleUp;
import java.time.Duration;

/** The autoscaler of a workload, which follows the load as fast as the config says. */
public final class WorkloadAutoscaler {
  private static final String PERCENT = "Percent";
  private static final String PODS = "Pods";

  private WorkloadAutoscaler() {}

  /** The autoscaler, with the config's target for the share of the requested CPU. */
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
                        .scaleUp(up(scale.behavior().scaleUp()))
                        .scaleDown(down(scale.behavior().scaleDown()))
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

  private static HPAScalingRulesArgs up(ScaleUp up) {
    return HPAScalingRulesArgs.builder()
        .stabilizationWindowSeconds(seconds(up.stabilizationWindow()))
        .selectPolicy("Max")
        .policies(policy(PERCENT, up.percent(), up.period()), policy(PODS, up.pods(), up.period()))
        .build();
  }

  private static HPAScalingRulesArgs down(ScaleDown down) {
    return HPAScalingRulesArgs.builder()
        .stabilizationWindowSeconds(seconds(down.stabilizationWindow()))
        .policies(policy(PODS, down.pods(), down.period()))
        .build();
  }

  private static HPAScalingPolicyArgs policy(String type, int value, Duration period) {
    return HPAScalingPolicyArgs.builder()
        .type(type)
        .value(value)
        .periodSeconds(seconds(period))
        .build();
  }

  private static int seconds(Duration duration) {
    return Math.toIntExact(duration.toSeconds());
  }
}
