package dev.nordfaas.nats;

import com.pulumi.core.Output;
import com.pulumi.kubernetes.batch.v1.JobArgs;
import com.pulumi.kubernetes.batch.v1.inputs.JobSpecArgs;
import com.pulumi.kubernetes.core.v1.ConfigMapArgs;
import com.pulumi.kubernetes.core.v1.inputs.ContainerArgs;
import com.pulumi.kubernetes.core.v1.inputs.PodSpecArgs;
import com.pulumi.kubernetes.core.v1.inputs.PodTemplateSpecArgs;
import com.pulumi.kubernetes.core.v1.inputs.ResourceRequirementsArgs;
import com.pulumi.kubernetes.meta.v1.inputs.ObjectMetaArgs;
import dev.nordfaas.config.NatsConfig;
import dev.nordfaas.manifest.Env;
import dev.nordfaas.manifest.Metadata;
import dev.nordfaas.manifest.Namespaces;
import dev.nordfaas.manifest.Scripts;
import dev.nordfaas.manifest.SecurityContexts;
import dev.nordfaas.manifest.Volumes;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The Job that makes JetStream what {@link JetStreamPlan} says. Pulumi replaces it, and so runs it
 * again, when its annotations change.
 */
public final class StreamsJob {
  private static final String SCRIPT = "streams.sh";
  private static final String PATH = "/etc/" + Nats.STREAMS;
  private static final String TMP = "tmp";

  /** Any but root will do. */
  private static final int UID = 1000;

  private StreamsJob() {}

  /** The files that the Job reads: the plan, and the script that applies it. */
  public static SortedMap<String, String> files(NatsConfig config) {
    var files = new TreeMap<>(JetStreamPlan.files(config));
    files.put(SCRIPT, Scripts.read(StreamsJob.class, SCRIPT));
    return files;
  }

  /** The ConfigMap with the files. */
  public static ConfigMapArgs configMap(Map<String, String> files) {
    return ConfigMapArgs.builder()
        .metadata(Metadata.of(Namespaces.NATS, Nats.STREAMS, Nats.STREAMS_LABELS))
        .data(files)
        .build();
  }

  /**
   * The Job.
   *
   * @param toolsImage image with {@code nats} and a POSIX shell
   * @param checksums annotations, which change when the Job has to run again
   */
  public static JobArgs job(String toolsImage, Output<Map<String, String>> checksums) {
    return JobArgs.builder()
        .metadata(Metadata.of(Namespaces.NATS, Nats.STREAMS, Nats.STREAMS_LABELS))
        .spec(
            JobSpecArgs.builder()
                .backoffLimit(3)
                .activeDeadlineSeconds(540)
                .template(
                    PodTemplateSpecArgs.builder()
                        .metadata(
                            ObjectMetaArgs.builder()
                                .labels(Nats.STREAMS_LABELS.all())
                                .annotations(checksums)
                                .build())
                        .spec(pod(toolsImage))
                        .build())
                .build())
        .build();
  }

  private static PodSpecArgs pod(String toolsImage) {
    return PodSpecArgs.builder()
        .restartPolicy("Never")
        .automountServiceAccountToken(false)
        .enableServiceLinks(false)
        .securityContext(SecurityContexts.pod(UID))
        .containers(
            ContainerArgs.builder()
                .name("streams")
                .image(toolsImage)
                .command("sh", PATH + "/" + SCRIPT)
                .env(
                    Env.value("HOME", "/tmp"),
                    Env.value("NATS_INBOX_PREFIX", NatsUser.inboxPrefix(NatsUser.ADMIN)),
                    Env.secret(
                        "NATS_PASSWORD", Nats.PASSWORDS, Nats.passwordVariable(NatsUser.ADMIN)),
                    Env.value("NATS_URL", Nats.URL),
                    Env.value("NATS_USER", NatsUser.ADMIN),
                    // The nats command asks who runs it; the image has no entry for this user.
                    Env.value("USER", NatsUser.ADMIN))
                .resources(
                    ResourceRequirementsArgs.builder()
                        .requests(Map.of("cpu", "50m", "memory", "32Mi"))
                        .limits(Map.of("memory", "128Mi"))
                        .build())
                .securityContext(SecurityContexts.container())
                .volumeMounts(Volumes.mountReadOnly(Nats.STREAMS, PATH), Volumes.mount(TMP, "/tmp"))
                .build())
        .volumes(Volumes.configMap(Nats.STREAMS), Volumes.memory(TMP, "8Mi"))
        .build();
  }
}
