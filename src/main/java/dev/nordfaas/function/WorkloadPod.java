package dev.nordfaas.function;

import com.pulumi.core.Either;
import com.pulumi.core.Output;
import com.pulumi.kubernetes.core.v1.inputs.ContainerArgs;
import com.pulumi.kubernetes.core.v1.inputs.ContainerPortArgs;
import com.pulumi.kubernetes.core.v1.inputs.EnvVarArgs;
import com.pulumi.kubernetes.core.v1.inputs.HTTPGetActionArgs;
import com.pulumi.kubernetes.core.v1.inputs.PodSpecArgs;
import com.pulumi.kubernetes.core.v1.inputs.PodTemplateSpecArgs;
import com.pulumi.kubernetes.core.v1.inputs.ProbeArgs;
import com.pulumi.kubernetes.core.v1.inputs.TCPSocketActionArgs;
import com.pulumi.kubernetes.core.v1.inputs.TopologySpreadConstraintArgs;
import com.pulumi.kubernetes.core.v1.inputs.VolumeArgs;
import com.pulumi.kubernetes.core.v1.inputs.VolumeMountArgs;
import com.pulumi.kubernetes.meta.v1.inputs.ObjectMetaArgs;
import dev.nordfaas.manifest.Checksums;
import dev.nordfaas.manifest.Env;
import dev.nordfaas.manifest.Labels;
import dev.nordfaas.manifest.Metadata;
import dev.nordfaas.manifest.NewPods;
import dev.nordfaas.manifest.PodDns;
import dev.nordfaas.manifest.PreStop;
import dev.nordfaas.manifest.Resources;
import dev.nordfaas.manifest.Scraping;
import dev.nordfaas.manifest.SecurityContexts;
import dev.nordfaas.manifest.Volumes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The pod of a workload. */
final class WorkloadPod {
  /** The user that OpenFaaS uses for functions that must not run as root. */
  private static final int UID = 12000;

  /** What a process may take to stop after its last call. */
  private static final Duration STOP = Duration.ofSeconds(10);

  /**
   * A JVM gets two minutes until it has to listen. Not by a probe for the start: the node would
   * look at its result only once a second, and asks for the first time at once whether a container
   * without one is ready.
   */
  private static final int START_SECONDS = 120;

  private static final String TMP = "tmp";
  private static final String CONFIG = "config";
  private static final String SECRETS = "secrets";

  private WorkloadPod() {}

  static PodTemplateSpecArgs of(Workload workload) {
    return PodTemplateSpecArgs.builder()
        .metadata(
            ObjectMetaArgs.builder()
                .labels(workload.deploymentLabels())
                .annotations(annotations(workload))
                .build())
        .spec(spec(workload))
        .build();
  }

  private static Output<Map<String, String>> annotations(Workload workload) {
    var config = workload.container();
    var none = Output.of(Optional.<String>empty());
    var secret =
        config
            .secret()
            .map(variable -> Checksums.ofGenerated(variable.value()).applyValue(Optional::of))
            .orElse(none);
    var file =
        config
            .file()
            .map(read -> read.content().applyValue(text -> Optional.of(Checksums.of(text))))
            .orElse(none);
    var secretFiles =
        config.secretFiles().map(files -> files.checksum().applyValue(Optional::of)).orElse(none);
    return Output.tuple(secret, file, secretFiles)
        .applyValue(
            sums -> {
              var all = new TreeMap<>(workload.own().annotations());
              all.putAll(scraping(config));
              sums.t1.ifPresent(sum -> all.put(Checksums.SECRET, sum));
              sums.t2.ifPresent(sum -> all.put(Checksums.CONFIG, sum));
              sums.t3.ifPresent(sum -> all.put(Checksums.SECRET_FILES, sum));
              return all;
            });
  }

  /** Annotations for Prometheus; without metrics, those that OpenFaaS sets on every function. */
  private static Map<String, String> scraping(Workload.Container config) {
    return config.metricsPort().map(Scraping::at).orElse(Map.of("prometheus.io.scrape", "false"));
  }

  private static PodSpecArgs spec(Workload workload) {
    var seconds = STOP.plus(workload.longestCall()).plus(workload.drain().orElse(Duration.ZERO));
    return selected(workload)
        .serviceAccountName(workload.name())
        .automountServiceAccountToken(false)
        .enableServiceLinks(false)
        .dnsConfig(PodDns.config())
        .terminationGracePeriodSeconds(Math.toIntExact(seconds.toSeconds()))
        .topologySpreadConstraints(
            TopologySpreadConstraintArgs.builder()
                .maxSkew(1)
                .topologyKey(Labels.HOSTNAME)
                .whenUnsatisfiable("ScheduleAnyway")
                .labelSelector(Metadata.selector(workload.selector()))
                .matchLabelKeys("pod-template-hash")
                .build())
        .containers(container(workload))
        .volumes(volumes(workload.container()))
        .build();
  }

  /** An empty selector would be a change of every pod that has none. */
  private static PodSpecArgs.Builder selected(Workload workload) {
    var pod = workload.tuning().on(workload.priority().pod(), UID);
    var nodes = workload.own().nodeSelector();
    return nodes.isEmpty() ? pod : pod.nodeSelector(nodes);
  }

  private static List<VolumeArgs> volumes(Workload.Container config) {
    var volumes = new ArrayList<>(List.of(Volumes.scratch(TMP, Workloads.SCRATCH)));
    config.file().ifPresent(file -> volumes.add(Volumes.configMap(CONFIG, file.configMap())));
    config.secretFiles().ifPresent(files -> volumes.add(Volumes.secret(SECRETS, files.secret())));
    return volumes;
  }

  private static List<VolumeMountArgs> mounts(Workload.Container config) {
    var mounts = new ArrayList<>(List.of(Volumes.mount(TMP, "/tmp")));
    config.file().ifPresent(file -> mounts.add(Volumes.mountReadOnly(CONFIG, file.folder())));
    if (config.secretFiles().isPresent()) {
      mounts.add(Volumes.mountReadOnly(SECRETS, SecretFiles.FOLDER));
    }
    return mounts;
  }

  /** The container has the workload's name: {@code faas-cli logs} looks for that. */
  private static ContainerArgs container(Workload workload) {
    var config = workload.container();
    var container =
        ContainerArgs.builder()
            .name(workload.name())
            .image(config.image())
            .ports(ports(config))
            .env(variables(config))
            .resources(Resources.of(config.resources(), Workloads.SCRATCH))
            .securityContext(SecurityContexts.container())
            .readinessProbe(readiness(workload))
            // The readiness path may depend on a database or a queue that is down, which a restart
            // would not fix: only a port that does not respond at all is a reason for one.
            .livenessProbe(
                ProbeArgs.builder()
                    .tcpSocket(
                        TCPSocketActionArgs.builder().port(Either.ofLeft(config.port())).build())
                    .initialDelaySeconds(START_SECONDS)
                    .periodSeconds(10)
                    .timeoutSeconds(5)
                    .failureThreshold(3)
                    .build())
            .volumeMounts(mounts(config));
    return workload
        .drain()
        .map(drain -> container.lifecycle(PreStop.sleep(drain)).build())
        .orElseGet(container::build);
  }

  private static List<ContainerPortArgs> ports(Workload.Container config) {
    var ports = new ArrayList<>(List.of(port("http", config.port())));
    config.metricsPort().ifPresent(number -> ports.add(port("metrics", number)));
    return ports;
  }

  private static ContainerPortArgs port(String name, int number) {
    return ContainerPortArgs.builder().name(name).containerPort(number).build();
  }

  private static ProbeArgs readiness(Workload workload) {
    var probe = ready(workload.container()).periodSeconds(2).failureThreshold(3);
    return workload.waits()
        ? probe.initialDelaySeconds(NewPods.LET_THROUGH_SECONDS).build()
        : probe.build();
  }

  private static ProbeArgs.Builder ready(Workload.Container config) {
    return ProbeArgs.builder()
        .httpGet(
            HTTPGetActionArgs.builder().path(config.readinessPath()).port(config.port()).build())
        .timeoutSeconds(2);
  }

  private static List<EnvVarArgs> variables(Workload.Container config) {
    var variables = new ArrayList<EnvVarArgs>();
    config.environment().forEach((name, value) -> variables.add(Env.value(name, value)));
    config
        .secret()
        .ifPresent(
            secret ->
                variables.add(Env.secret(secret.variable(), secret.secret(), secret.variable())));
    return variables;
  }
}
