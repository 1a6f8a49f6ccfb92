package dev.nordfaas.manifest;

import com.pulumi.core.Output;
import com.pulumi.kubernetes.batch.v1.JobArgs;
import com.pulumi.kubernetes.batch.v1.inputs.JobSpecArgs;
import com.pulumi.kubernetes.core.v1.ConfigMapArgs;
import com.pulumi.kubernetes.core.v1.inputs.ContainerArgs;
import com.pulumi.kubernetes.core.v1.inputs.PodSpecArgs;
import com.pulumi.kubernetes.core.v1.inputs.PodTemplateSpecArgs;
import com.pulumi.kubernetes.core.v1.inputs.SecurityContextArgs;
import com.pulumi.kubernetes.core.v1.inputs.VolumeArgs;
import com.pulumi.kubernetes.core.v1.inputs.VolumeMountArgs;
import com.pulumi.kubernetes.meta.v1.inputs.ObjectMetaArgs;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A Job that runs one idempotent shell script from a ConfigMap of the same name. Pulumi replaces
 * it, and so runs it again, when its annotations change.
 *
 * @param namespace where it runs
 * @param name name of the Job and of the ConfigMap, which is mounted at {@code /etc/<name>}
 * @param labels labels of both, and of the pods
 * @param uid the user that runs the script, not root
 * @param script file name of the script in the ConfigMap
 * @param longest how long it may take, including the time its pod waits for room on a node and for
 *     its image. Pulumi waits until a Job has ended: each event, and there is one every minute,
 *     resets its own timeout (plug-in 4.25.0, {@code pkg/await/job.go})
 */
public record ScriptJob(
    String namespace, String name, Labels labels, int uid, String script, Duration longest) {
  /** The scripts stop waiting after four minutes. */
  private static final Duration LONGEST = Duration.ofMinutes(5);

  /** Requests of each such Job. */
  public static final Requests REQUESTS = Requests.ofContainer(50, 32);

  private static final String TMP = "tmp";
  private static final int RETRIES = 3;

  /** A volume that a script needs besides its own folder and /tmp, and where it is mounted. */
  public record Mounted(VolumeArgs volume, VolumeMountArgs mount) {}

  /** A Job whose script only has to wait for others. */
  public ScriptJob(String namespace, String name, Labels labels, int uid, String script) {
    this(namespace, name, labels, uid, script, LONGEST);
  }

  /** The ConfigMap with the script and what it reads. */
  public ConfigMapArgs configMap(Map<String, String> files) {
    return ConfigMapArgs.builder()
        .metadata(Metadata.of(namespace, name, labels))
        .data(files)
        .build();
  }

  /**
   * The Job.
   *
   * @param container name, image and environment; the rest is added
   * @param checksums annotations, which change when the Job has to run again
   */
  public JobArgs job(ContainerArgs.Builder container, Output<Map<String, String>> checksums) {
    return job(container, SecurityContexts.container(), List.of(), RETRIES, checksums);
  }

  /**
   * The Job, if the script runs several times: one container after the other.
   *
   * @param containers name, image and environment of each; the rest is added
   * @param checksums annotations, which change when the Job has to run again
   */
  public JobArgs job(
      List<ContainerArgs.Builder> containers, Output<Map<String, String>> checksums) {
    return job(containers, SecurityContexts.container(), List.of(), RETRIES, checksums);
  }

  /**
   * The Job, if the script needs more.
   *
   * @param container name, image and environment; the rest is added
   * @param security what the image needs in order to run at all
   * @param more volumes besides the script's folder and /tmp
   * @param retries how often a failed script is run again; 3 for the other Jobs
   * @param checksums annotations, which change when the Job has to run again
   */
  public JobArgs job(
      ContainerArgs.Builder container,
      SecurityContextArgs security,
      List<Mounted> more,
      int retries,
      Output<Map<String, String>> checksums) {
    return job(List.of(container), security, more, retries, checksums);
  }

  private JobArgs job(
      List<ContainerArgs.Builder> containers,
      SecurityContextArgs security,
      List<Mounted> more,
      int retries,
      Output<Map<String, String>> checksums) {
    return JobArgs.builder()
        .metadata(
            ObjectMetaArgs.builder()
                .namespace(namespace)
                .name(name)
                .labels(labels.all())
                // The next update replaces a failed one, even if nothing else has changed.
                .annotations(Map.of("pulumi.com/replaceUnready", "true"))
                .build())
        .spec(
            JobSpecArgs.builder()
                .backoffLimit(retries)
                .activeDeadlineSeconds(Math.toIntExact(longest.toSeconds()))
                .template(
                    PodTemplateSpecArgs.builder()
                        .metadata(
                            ObjectMetaArgs.builder()
                                .labels(labels.all())
                                .annotations(checksums)
                                .build())
                        .spec(pod(containers, security, more))
                        .build())
                .build())
        .build();
  }

  private PodSpecArgs pod(
      List<ContainerArgs.Builder> containers, SecurityContextArgs security, List<Mounted> more) {
    var path = "/etc/" + name;
    var own =
        List.of(
            new Mounted(Volumes.configMap(name), Volumes.mountReadOnly(name, path)),
            new Mounted(Volumes.memory(TMP, "8Mi"), Volumes.mount(TMP, "/tmp")));
    var all = Stream.concat(own.stream(), more.stream()).toList();
    var complete =
        containers.stream()
            .map(
                container ->
                    container
                        .command(Command.of("sh", path + "/" + script))
                        .resources(REQUESTS.limitedTo("128Mi"))
                        .securityContext(security)
                        // If the Job fails, Pulumi shows the last lines that the script has
                        // written.
                        .terminationMessagePolicy("FallbackToLogsOnError")
                        .volumeMounts(all.stream().map(Mounted::mount).toList())
                        .build())
            .toList();
    var last = complete.size() - 1;
    var pod = Priority.PLATFORM.pod();
    if (last > 0) {
      pod.initContainers(complete.subList(0, last));
    }
    return pod.restartPolicy("Never")
        .automountServiceAccountToken(false)
        .enableServiceLinks(false)
        .securityContext(SecurityContexts.pod(uid))
        .containers(complete.get(last))
        .volumes(all.stream().map(Mounted::volume).toList())
        .build();
  }
}
