package dev.nordfaas.prometheus;

import com.pulumi.core.Either;
import com.pulumi.kubernetes.apps.v1.DeploymentArgs;
import com.pulumi.kubernetes.apps.v1.inputs.DeploymentSpecArgs;
import com.pulumi.kubernetes.apps.v1.inputs.DeploymentStrategyArgs;
import com.pulumi.kubernetes.core.v1.ConfigMapArgs;
import com.pulumi.kubernetes.core.v1.ServiceAccountArgs;
import com.pulumi.kubernetes.core.v1.ServiceArgs;
import com.pulumi.kubernetes.core.v1.inputs.ContainerArgs;
import com.pulumi.kubernetes.core.v1.inputs.ContainerPortArgs;
import com.pulumi.kubernetes.core.v1.inputs.HTTPGetActionArgs;
import com.pulumi.kubernetes.core.v1.inputs.PodSpecArgs;
import com.pulumi.kubernetes.core.v1.inputs.PodTemplateSpecArgs;
import com.pulumi.kubernetes.core.v1.inputs.ProbeArgs;
import com.pulumi.kubernetes.core.v1.inputs.ServicePortArgs;
import com.pulumi.kubernetes.core.v1.inputs.ServiceSpecArgs;
import com.pulumi.kubernetes.meta.v1.inputs.ObjectMetaArgs;
import dev.nordfaas.config.Durations;
import dev.nordfaas.config.OpenFaasConfig.PrometheusConfig;
import dev.nordfaas.manifest.CallPath;
import dev.nordfaas.manifest.Checksums;
import dev.nordfaas.manifest.Command;
import dev.nordfaas.manifest.Labels;
import dev.nordfaas.manifest.Metadata;
import dev.nordfaas.manifest.MetricsService;
import dev.nordfaas.manifest.Namespaces;
import dev.nordfaas.manifest.NetworkPolicies;
import dev.nordfaas.manifest.PodNetworkPolicy;
import dev.nordfaas.manifest.Priority;
import dev.nordfaas.manifest.PullSecret;
import dev.nordfaas.manifest.Resources;
import dev.nordfaas.manifest.SecurityContexts;
import dev.nordfaas.manifest.ServiceAddress;
import dev.nordfaas.manifest.Volumes;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The Kubernetes objects of Prometheus. */
public final class PrometheusManifests {
  /** {@code nobody}, which the official image runs as. */
  private static final int UID = 65534;

  private static final String CONFIG = "prometheus-config";
  private static final String FILE = "prometheus.yml";
  private static final String CONFIG_PATH = "/etc/prometheus";
  private static final String DATA = "data";
  private static final String DATA_PATH = "/prometheus";

  private PrometheusManifests() {}

  /** An account without any rights and without a token: pods are discovered through DNS. */
  public static ServiceAccountArgs account(PullSecret pullSecret) {
    return pullSecret
        .on(ServiceAccountArgs.builder())
        .metadata(Metadata.of(Namespaces.OPENFAAS, Prometheus.NAME, Prometheus.LABELS))
        .automountServiceAccountToken(false)
        .build();
  }

  /** The configuration. */
  public static ConfigMapArgs config(String conf) {
    return ConfigMapArgs.builder()
        .metadata(Metadata.of(Namespaces.OPENFAAS, CONFIG, Prometheus.LABELS))
        .data(Map.of(FILE, conf))
        .build();
  }

  /** The Deployment; a change of the configuration rolls its one pod. */
  public static DeploymentArgs deployment(PrometheusConfig config, String conf) {
    return DeploymentArgs.builder()
        .metadata(Metadata.of(Namespaces.OPENFAAS, Prometheus.NAME, Prometheus.LABELS))
        .spec(
            DeploymentSpecArgs.builder()
                .replicas(1)
                .selector(Metadata.selector(Prometheus.LABELS))
                .strategy(DeploymentStrategyArgs.builder().type("Recreate").build())
                .template(
                    PodTemplateSpecArgs.builder()
                        .metadata(
                            ObjectMetaArgs.builder()
                                .labels(podLabels())
                                .annotations(Map.of(Checksums.CONFIG, Checksums.of(conf)))
                                .build())
                        .spec(pod(config))
                        .build())
                .build())
        .build();
  }

  /** The Service that the gateway queries, or a person by forwarding its port. */
  public static ServiceArgs service() {
    return ServiceArgs.builder()
        .metadata(Metadata.of(Namespaces.OPENFAAS, Prometheus.NAME, Prometheus.LABELS))
        .spec(
            ServiceSpecArgs.builder()
                .type(Either.ofLeft("ClusterIP"))
                .selector(Prometheus.LABELS.selector())
                .ports(
                    ServicePortArgs.builder()
                        .name("http")
                        .port(ServiceAddress.PROMETHEUS.port())
                        .build())
                .build())
        .build();
  }

  /** Its policy: the gateway, where there is one, may query it, and it may scrape its targets. */
  public static PodNetworkPolicy policy(List<ScrapeTarget> targets, CallPath calls) {
    return new PodNetworkPolicy(
        Namespaces.OPENFAAS,
        Prometheus.NAME,
        Prometheus.LABELS.all(),
        Prometheus.LABELS.selector(),
        podLabels(),
        calls == CallPath.GATEWAY
            ? List.of(
                NetworkPolicies.from(
                    List.of(ServiceAddress.GATEWAY.pods()), ServiceAddress.PROMETHEUS.port()))
            : List.of(),
        targets.stream()
            .map(target -> NetworkPolicies.to(List.of(target.peer()), target.port()))
            .toList());
  }

  /** The headless Service of a target. */
  public static ServiceArgs targetService(ScrapeTarget target) {
    return MetricsService.of(target.namespace(), target.service(), target.labels(), target.port());
  }

  private static Map<String, String> podLabels() {
    var labels = new TreeMap<>(Prometheus.LABELS.all());
    labels.put(Labels.METRICS_CLIENT, "true");
    return labels;
  }

  private static PodSpecArgs pod(PrometheusConfig config) {
    return Priority.PLATFORM
        .pod()
        .serviceAccountName(Prometheus.NAME)
        .automountServiceAccountToken(false)
        .enableServiceLinks(false)
        .securityContext(SecurityContexts.pod(UID))
        .containers(container(config))
        .volumes(Volumes.configMap(CONFIG), Volumes.scratch(DATA, config.size()))
        .build();
  }

  private static ContainerArgs container(PrometheusConfig config) {
    return ContainerArgs.builder()
        .name(Prometheus.NAME)
        .image(config.image())
        .command(Command.of("prometheus"))
        .args(
            Command.of(
                "--config.file=%s/%s".formatted(CONFIG_PATH, FILE),
                "--storage.tsdb.path=" + DATA_PATH,
                "--storage.tsdb.retention.time=" + Durations.format(config.retention()),
                // A pod that fills its volume is evicted. Prometheus' MB are 2^20 bytes.
                "--storage.tsdb.retention.size=%dMB".formatted(config.size().mebibytes() / 4 * 3)))
        .ports(
            ContainerPortArgs.builder()
                .name("http")
                .containerPort(ServiceAddress.PROMETHEUS.port())
                .build())
        .resources(Resources.of(config.resources(), config.size()))
        .securityContext(SecurityContexts.container())
        .startupProbe(probe("/-/ready").periodSeconds(2).failureThreshold(150).build())
        .readinessProbe(probe("/-/ready").periodSeconds(5).failureThreshold(3).build())
        .livenessProbe(probe("/-/healthy").periodSeconds(10).failureThreshold(3).build())
        .volumeMounts(Volumes.mountReadOnly(CONFIG, CONFIG_PATH), Volumes.mount(DATA, DATA_PATH))
        .build();
  }

  private static ProbeArgs.Builder probe(String path) {
    return ProbeArgs.builder()
        .httpGet(
            HTTPGetActionArgs.builder().path(path).port(ServiceAddress.PROMETHEUS.port()).build())
        .timeoutSeconds(5);
  }
}
