package dev.nordfaas;

import com.pulumi.Context;
import com.pulumi.Pulumi;
import com.pulumi.deployment.Deployment;
import dev.nordfaas.config.check.ConfigLoader;
import dev.nordfaas.config.check.ConfigSource;
import dev.nordfaas.doctor.SilentHosts;
import dev.nordfaas.policy.Rules;
import dev.nordfaas.scheduling.PendingPodsWatch;
import java.util.function.Consumer;
import java.util.logging.LogManager;

/**
 * The program of a repository of one's own: the platform that its stack config describes, and what
 * else should run beside it.
 *
 * <pre>{@code
 * public static void main(String[] args) {
 *   Nordfaas.run(platform -> new Cache("cache", CacheArgs.of("64Mi"), platform.options()));
 * }
 * }</pre>
 */
public final class Nordfaas {
  private Nordfaas() {}

  /** Builds the platform of the stack that Pulumi has chosen. */
  public static void run() {
    run(platform -> {});
  }

  /**
   * Builds the platform of the stack that Pulumi has chosen, and then more in the same program.
   *
   * @param more registers what is not part of the platform; it may use all of its outputs
   */
  public static void run(Consumer<Platform> more) {
    // The SDK writes every error to the console as well as to the engine, which would show it
    // twice.
    LogManager.getLogManager().reset();
    try {
      Pulumi.run(context -> define(context, more));
    } catch (IllegalArgumentException e) {
      // Not started by the Pulumi CLI; whatever goes wrong later, the SDK reports to the engine.
      System.err.println(e.getMessage());
      System.exit(1);
    }
  }

  private static void define(Context context, Consumer<Platform> more) {
    // Platform.define begins it as well; the config is read before, and the loop turns already.
    RunnerPause.begin();
    var log = context.log();
    var checked = ConfigLoader.load(ConfigSource.fromEnvironment(), Rules::check);
    checked.warnings().forEach(warning -> log.warn(warning.toString()));
    var applies = !Deployment.getInstance().isDryRun();
    if (applies) {
      SilentHosts.start(checked.config(), log::warn);
    }
    var platform = Platform.define(checked.plan(), log::warn);
    more.accept(platform);
    platform.outputs().forEach(context::export);
    if (applies) {
      watchPendingPods(platform, log::warn);
    }
  }

  /** Starts as soon as the cluster exists. */
  private static void watchPendingPods(Platform platform, Consumer<String> warnings) {
    platform
        .readOnlyKubeconfig()
        .applyValue(
            text -> {
              PendingPodsWatch.start(text, warnings);
              return true;
            });
  }
}
