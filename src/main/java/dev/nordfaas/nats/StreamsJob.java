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
import dev.nordfaas.tls.ServerTls;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The Job that makes the servers reload their config, and applies {@link JetStreamPlan} to
 * JetStream.
 */
public final class StreamsJob {
  private static final String SCRIPT = "streams.sh";

  /** Any user except root will do. */
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
   * @param config image with {@code nats}, {@code jq} and a POSIX shell; number of servers
   * @param version version that the servers have to have read, see {@link NatsSecrets#version}
   * @param checksums annotations, which change when the Job has to run again
   */
  public static JobArgs job(
      NatsConfig config, Output<String> version, Output<Map<String, String>> checksums) {
    return JOB.job(
        ContainerArgs.builder()
            .name("streams")
            .image(config.toolsImage())
            .env(
                Env.value("CONFIG_VERSION", version),
                Env.value("DELETE_STREAMS", String.join(" ", config.deleteStreams())),
                Env.value("HOME", "/tmp"),
                Env.secret("NATS_ADMIN_PASSWORD", Nats.PASSWORDS, NatsUser.ADMIN),
                Env.secret("NATS_CA_CERTIFICATE", Nats.SERVER, ServerTls.CA_FILE),
                Env.secret("NATS_SYSTEM_PASSWORD", Nats.PASSWORDS, NatsUser.SYSTEM),
                Env.value("NATS_URL", Nats.URL),
                Env.value("SERVERS", Integer.toString(config.replicas())),
                // The nats command looks up the current user, for which the image has no entry.
                Env.value("USER", NatsUser.ADMIN)),
        checksums);
  }
}
