package dev.nordfaas.nats;

import com.pulumi.core.Output;
import com.pulumi.kubernetes.batch.v1.JobArgs;
import com.pulumi.kubernetes.core.v1.ConfigMapArgs;
import com.pulumi.kubernetes.core.v1.inputs.ContainerArgs;
import dev.nordfaas.config.NatsConfig;
import dev.nordfaas.manifest.Env;
import dev.nordfaas.manifest.Namespaces;
import dev.nordfaas.manifest.ScriptJob;
import dev.nordfaas.manifest.Scripts;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The Job that makes JetStream what {@link JetStreamPlan} says. */
public final class StreamsJob {
  private static final String SCRIPT = "streams.sh";

  /** Any but root will do. */
  private static final int UID = 1000;

  private static final ScriptJob JOB =
      new ScriptJob(Namespaces.NATS, Nats.STREAMS, Nats.STREAMS_LABELS, UID, SCRIPT);

  private StreamsJob() {}

  /** The files that the Job reads: the plan, and the script that applies it. */
  public static SortedMap<String, String> files(NatsConfig config) {
    var files = new TreeMap<>(JetStreamPlan.files(config));
    files.put(SCRIPT, Scripts.read(StreamsJob.class, SCRIPT));
    return files;
  }

  /** The ConfigMap with the files. */
  public static ConfigMapArgs configMap(Map<String, String> files) {
    return JOB.configMap(files);
  }

  /**
   * The Job.
   *
   * @param toolsImage image with {@code nats} and a POSIX shell
   * @param checksums annotations, which change when the Job has to run again
   */
  public static JobArgs job(String toolsImage, Output<Map<String, String>> checksums) {
    return JOB.job(
        ContainerArgs.builder()
            .name("streams")
            .image(toolsImage)
            .env(
                Env.value("HOME", "/tmp"),
                Env.value("NATS_INBOX_PREFIX", NatsUser.inboxPrefix(NatsUser.ADMIN)),
                Env.secret("NATS_PASSWORD", Nats.PASSWORDS, Nats.passwordVariable(NatsUser.ADMIN)),
                Env.value("NATS_URL", Nats.URL),
                Env.value("NATS_USER", NatsUser.ADMIN),
                // The nats command asks who runs it; the image has no entry for this user.
                Env.value("USER", NatsUser.ADMIN)),
        checksums);
  }
}
