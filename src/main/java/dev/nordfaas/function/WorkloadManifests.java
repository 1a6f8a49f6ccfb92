package dev.nordfaas.function;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.pulumi.core.Either;
import com.pulumi.kubernetes.apps.v1.DeploymentArgs;
import com.pulumi.kubernetes.apps.v1.inputs.DeploymentSpecArgs;
import com.pulumi.kubernetes.apps.v1.inputs.DeploymentStrategyArgs;
import com.pulumi.kubernetes.apps.v1.inputs.RollingUpdateDeploymentArgs;
import com.pulumi.kubernetes.core.v1.ConfigMapArgs;
import com.pulumi.kubernetes.core.v1.SecretArgs;
import com.pulumi.kubernetes.core.v1.ServiceAccountArgs;
import com.pulumi.kubernetes.core.v1.ServiceArgs;
import com.pulumi.kubernetes.core.v1.inputs.ServicePortArgs;
import com.pulumi.kubernetes.core.v1.inputs.ServiceSpecArgs;
import com.pulumi.kubernetes.meta.v1.inputs.ObjectMetaArgs;
import com.pulumi.kubernetes.networking.v1.NetworkPolicyArgs;
import com.pulumi.kubernetes.policy.v1.PodDisruptionBudgetArgs;
import com.pulumi.kubernetes.policy.v1.inputs.PodDisruptionBudgetSpecArgs;
import dev.nordfaas.manifest.Metadata;
import dev.nordfaas.manifest.PullSecret;
import dev.nordfaas.manifest.ServiceAddress;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

/** The Kubernetes objects of a workload, except its autoscaler. */
public final class WorkloadManifests {
  /** The field of a Deployment that belongs to its autoscaler, if it has one. */
  public static final String REPLICAS = "spec.replicas";

  private WorkloadManifests() {}

  /** An account without any rights and without a token. */
  public static ServiceAccountArgs account(Workload workload, PullSecret pullSecret) {
    return pullSecret
        .on(ServiceAccountArgs.builder())
        .metadata(WorkloadMetadata.of(workload))
        .automountServiceAccountToken(false)
        .build();
  }

  /** The Secret that the workload's variable comes from. */
  public static SecretArgs secret(Workload workload, SecretVariable secret) {
    return SecretArgs.builder()
        .metadata(WorkloadMetadata.of(workload, secret.secret()))
        .type("Opaque")
        .stringData(secret.value().applyValue(value -> Map.of(secret.variable(), value)).asSecret())
        .build();
  }

  /**
   * The Secret with the workload's files; a file removed from the config is removed from the
   * Secret.
   */
  public static SecretArgs secretFiles(Workload workload, SecretFiles files) {
    return SecretArgs.builder()
        .metadata(WorkloadMetadata.of(workload, files.secret()))
        .type("Opaque")
        .data(files.content().applyValue(WorkloadManifests::encoded).asSecret())
        .build();
  }

  private static Map<String, String> encoded(Map<String, String> texts) {
    var encoded = new TreeMap<String, String>();
    texts.forEach(
        (name, text) ->
            encoded.put(name, Base64.getEncoder().encodeToString(text.getBytes(UTF_8))));
    return encoded;
  }

  /** The ConfigMap that the workload's file comes from. */
  public static ConfigMapArgs configMap(Workload workload, ConfigFile file) {
    return ConfigMapArgs.builder()
        .metadata(WorkloadMetadata.of(workload, file.configMap()))
        .data(file.content().applyValue(content -> Map.of(file.file(), content)))
        .build();
  }

  /**
   * The Deployment. With an autoscaler its number of replicas is only the first one: leaving it out
   * once an autoscaler comes in would make it 1, the default, until the autoscaler has seen it.
   * Whoever creates the Deployment has to ignore changes of {@link #REPLICAS}, so that {@code
   * pulumi up} does not undo what the autoscaler did.
   */
  public static DeploymentArgs deployment(Workload workload) {
    var spec =
        DeploymentSpecArgs.builder()
            .selector(Metadata.selector(workload.selector()))
            .progressDeadlineSeconds(Math.toIntExact(workload.rolloutTimeout().toSeconds()))
            .revisionHistoryLimit(5)
            .strategy(
                DeploymentStrategyArgs.builder()
                    .type("RollingUpdate")
                    .rollingUpdate(
                        RollingUpdateDeploymentArgs.builder()
                            .maxUnavailable(Either.ofLeft(0))
                            .maxSurge(Either.ofLeft(Workload.SURGE))
                            .build())
                    .build())
            .replicas(workload.scale().min())
            .template(WorkloadPod.of(workload))
            .build();
    return DeploymentArgs.builder()
        .metadata(WorkloadMetadata.ofDeployment(workload))
        .spec(spec)
        .build();
  }

  /** The Service, on the port that OpenFaaS expects for every function. */
  public static ServiceArgs service(Workload workload) {
    return ServiceArgs.builder()
        .metadata(WorkloadMetadata.of(workload))
        .spec(
            ServiceSpecArgs.builder()
                .type(Either.ofLeft("ClusterIP"))
                .selector(workload.selector())
                .ports(
                    ServicePortArgs.builder()
                        .name("http")
                        .port(ServiceAddress.function(workload.name()).port())
                        .targetPort(workload.container().port())
                        .build())
                .build())
        .build();
  }

  /**
   * The headless Service by which the edge finds the function's ready pods, one by one: it keeps
   * its connections, and behind a single address they would all stay with the pods of the time when
   * they were opened. It need not have pods to be there: the edge may be earlier than they are.
   */
  public static ServiceArgs pods(Workload workload) {
    return ServiceArgs.builder()
        .metadata(
            ObjectMetaArgs.builder()
                .namespace(workload.namespace())
                .name(workload.name() + Workloads.PODS_ENDING)
                .labels(workload.labels())
                .annotations(Map.of("pulumi.com/skipAwait", "true"))
                .build())
        .spec(
            ServiceSpecArgs.builder()
                .type(Either.ofLeft("ClusterIP"))
                .clusterIP("None")
                .selector(workload.selector())
                .ports(
                    ServicePortArgs.builder()
                        .name("http")
                        .port(workload.container().port())
                        .build())
                .build())
        .build();
  }

  /** Who may connect to the workload, and what it may connect to. */
  public static NetworkPolicyArgs policy(Workload workload) {
    return workload.policy().args(workload.namespace());
  }

  /** At most one pod may be away for maintenance of a node. */
  public static PodDisruptionBudgetArgs disruptionBudget(Workload workload) {
    return PodDisruptionBudgetArgs.builder()
        .metadata(WorkloadMetadata.of(workload))
        .spec(
            PodDisruptionBudgetSpecArgs.builder()
                .maxUnavailable(1)
                .selector(Metadata.selector(workload.selector()))
                .build())
        .build();
  }
}
