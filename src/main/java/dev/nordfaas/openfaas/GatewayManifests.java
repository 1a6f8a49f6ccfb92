package dev.nordfaas.openfaas;

import com.pulumi.core.Either;
import com.pulumi.core.Output;
import com.pulumi.kubernetes.apps.v1.DeploymentArgs;
import com.pulumi.kubernetes.apps.v1.inputs.DeploymentSpecArgs;
import com.pulumi.kubernetes.apps.v1.inputs.DeploymentStrategyArgs;
import com.pulumi.kubernetes.apps.v1.inputs.RollingUpdateDeploymentArgs;
import com.pulumi.kubernetes.core.v1.ServiceArgs;
import com.pulumi.kubernetes.core.v1.inputs.PodTemplateSpecArgs;
import com.pulumi.kubernetes.core.v1.inputs.ServicePortArgs;
import com.pulumi.kubernetes.core.v1.inputs.ServiceSpecArgs;
import com.pulumi.kubernetes.meta.v1.inputs.ObjectMetaArgs;
import com.pulumi.kubernetes.policy.v1.PodDisruptionBudgetArgs;
import com.pulumi.kubernetes.policy.v1.inputs.PodDisruptionBudgetSpecArgs;
import dev.nordfaas.config.OpenFaasConfig;
import dev.nordfaas.manifest.Checksums;
import dev.nordfaas.manifest.Metadata;
import dev.nordfaas.manifest.Namespaces;
import dev.nordfaas.manifest.PodTuning;
import java.util.Map;

/** Deployment, Service and disruption budget of the gateway. */
public final class GatewayManifests {
  private GatewayManifests() {}

  /**
   * The Deployment of gateway and provider.
   *
   * @param config edition, images, timeouts, replicas
   * @param metricsStoreImage image of Caddy, see {@link MetricsStore}
   * @param password password of the administrator; a new one rolls the pods
   * @param tuning settings of the pods' network namespaces
   */
  public static DeploymentArgs deployment(
      OpenFaasConfig config, String metricsStoreImage, Output<String> password, PodTuning tuning) {
    return DeploymentArgs.builder()
        .metadata(Metadata.of(Namespaces.OPENFAAS, Gateway.NAME, Gateway.LABELS))
        .spec(
            DeploymentSpecArgs.builder()
                .replicas(config.gateway().replicas())
                .selector(Metadata.selector(Gateway.LABELS))
                .strategy(
                    DeploymentStrategyArgs.builder()
                        .type("RollingUpdate")
                        .rollingUpdate(
                            RollingUpdateDeploymentArgs.builder()
                                .maxUnavailable(Either.ofLeft(0))
                                .maxSurge(Either.ofLeft(1))
                                .build())
                        .build())
                .template(
                    PodTemplateSpecArgs.builder()
                        .metadata(
                            ObjectMetaArgs.builder()
                                .labels(Gateway.LABELS.all())
                                .annotations(
                                    Checksums.ofGenerated(password)
                                        .applyValue(sum -> Map.of(Checksums.SECRET, sum)))
                                .build())
                        .spec(GatewayPod.of(config, metricsStoreImage, tuning))
                        .build())
                .build())
        .build();
  }

  /** The Service, which is only reachable inside the cluster, behind the edge. */
  public static ServiceArgs service() {
    return ServiceArgs.builder()
        .metadata(Metadata.of(Namespaces.OPENFAAS, Gateway.NAME, Gateway.LABELS))
        .spec(
            ServiceSpecArgs.builder()
                .type(Either.ofLeft("ClusterIP"))
                .selector(Gateway.LABELS.selector())
                .ports(ServicePortArgs.builder().name("http").port(Gateway.HTTP).build())
                .build())
        .build();
  }

  /** At most one gateway may be away for maintenance of a node. */
  public static PodDisruptionBudgetArgs disruptionBudget() {
    return PodDisruptionBudgetArgs.builder()
        .metadata(Metadata.of(Namespaces.OPENFAAS, Gateway.NAME, Gateway.LABELS))
        .spec(
            PodDisruptionBudgetSpecArgs.builder()
                .maxUnavailable(1)
                .selector(Metadata.selector(Gateway.LABELS))
                .build())
        .build();
  }
}
