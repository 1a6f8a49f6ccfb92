package dev.nordfaas.edge;

import com.pulumi.core.Output;
import com.pulumi.kubernetes.batch.v1.JobArgs;
import com.pulumi.kubernetes.core.v1.ConfigMapArgs;
import com.pulumi.kubernetes.core.v1.inputs.ContainerArgs;
import com.pulumi.kubernetes.core.v1.inputs.EnvVarArgs;
import dev.nordfaas.config.EdgeConfig;
import dev.nordfaas.manifest.Checksums;
import dev.nordfaas.manifest.Env;
import dev.nordfaas.manifest.Labels;
import dev.nordfaas.manifest.Namespaces;
import dev.nordfaas.manifest.ScriptJob;
import dev.nordfaas.manifest.ScriptJob.Mounted;
import dev.nordfaas.manifest.Scripts;
import dev.nordfaas.manifest.SecurityContexts;
import dev.nordfaas.manifest.Volumes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The Job that fails if Caddy refuses its config, and waits until the edge has read it: without it
 * an update would succeed, and a bad config would only show at the next restart.
 */
public final class EdgeJob {
  static final String NAME = "edge-check";
  static final Labels LABELS = new Labels(NAME, "edge");
  private static final String SCRIPT = "check.sh";
  private static final String STORAGE = "storage";

  /** In place of the storage that several edges share, which is not the Job's. */
  static final String STORAGE_VARIABLE = "EDGE_STORAGE";

  /** Caddy's storage in the files of a volume. */
  static final String FILES = "file_system " + EdgePod.STORAGE_PATH;

  /** The script does the waiting itself, and Caddy would refuse a config again. */
  private static final int NO_RETRIES = 0;

  private static final String URL =
      "http://%1$s.%2$s.svc.cluster.local:%3$d%4$s"
          .formatted(EdgePod.NAME, Namespaces.EDGE, EdgePod.HEALTH, EdgePod.VERSION_PATH);

  private static final ScriptJob JOB =
      new ScriptJob(Namespaces.EDGE, NAME, LABELS, EdgePod.UID, SCRIPT);

  private EdgeJob() {}

  /** The ConfigMap with the script. */
  public static ConfigMapArgs configMap() {
    return JOB.configMap(Map.of(SCRIPT, script()));
  }

  /**
   * The Job. It runs again when the Caddyfile, whose version covers the API keys, or the
   * certificate changes.
   *
   * @param config image, which has to be the edge's own, and certificate
   * @param caddyfile what the edge has to have read
   */
  public static JobArgs job(EdgeConfig config, Output<String> caddyfile) {
    return JOB.job(
        ContainerArgs.builder()
            .name("check")
            .image(config.image())
            .env(environment(config, caddyfile)),
        SecurityContexts.caddy(),
        List.of(
            new Mounted(EdgePod.config(config), EdgePod.mountConfig()),
            // Caddy creates the keys of its own authority when it validates its config.
            new Mounted(
                Volumes.memory(STORAGE, "1Mi"), Volumes.mount(STORAGE, EdgePod.STORAGE_PATH))),
        NO_RETRIES,
        checksums(config, caddyfile));
  }

  private static List<EnvVarArgs> environment(EdgeConfig config, Output<String> caddyfile) {
    var environment = new ArrayList<EnvVarArgs>();
    environment.add(Env.value("CONFIG_VERSION", caddyfile.applyValue(Caddyfile::version)));
    if (config.sharesCertificates()) {
      environment.add(Env.value(STORAGE_VARIABLE, FILES));
    }
    environment.add(Env.value("EDGE_URL", URL));
    environment.add(Env.value("FOLDER", EdgePod.CONFIG_PATH));
    if (config.replicas() > 1) {
      environment.add(Env.value("REPLICAS", Integer.toString(config.replicas())));
    }
    return environment;
  }

  private static Output<Map<String, String>> checksums(
      EdgeConfig config, Output<String> caddyfile) {
    var checksum = caddyfile.applyValue(text -> Checksums.of(config.image() + script() + text));
    return config
        .certificate()
        .map(certificate -> Checksums.ofGenerated(certificate.key().asOutput()))
        .map(
            key ->
                Output.tuple(checksum, key)
                    .applyValue(it -> Map.of(Checksums.CONFIG, it.t1, Checksums.SECRET, it.t2)))
        .orElseGet(() -> checksum.applyValue(it -> Map.of(Checksums.CONFIG, it)));
  }

  private static String script() {
    return Scripts.read(EdgeJob.class, SCRIPT);
  }
}
