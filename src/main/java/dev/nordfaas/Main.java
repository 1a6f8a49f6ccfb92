package dev.nordfaas;

import com.pulumi.Pulumi;
import com.pulumi.context.LoggingContext;
import com.pulumi.core.Output;
import com.pulumi.deployment.Deployment;
import dev.nordfaas.config.check.ConfigLoader;
import dev.nordfaas.config.check.ConfigSource;
import dev.nordfaas.doctor.SilentHosts;
import dev.nordfaas.policy.Rules;
import dev.nordfaas.scheduling.PendingPodsWatch;
import java.util.Map;
import java.util.Optional;
import java.util.logging.LogManager;

/** Entry point of the Pulumi program. */
public final class Main {
  private Main() {}

  /** Loads the stack config and builds the platform from it. */
  public static void main(String[] args) {
    // The SDK writes every error to the console as well as to the engine, which would show it
    // twice.
    LogManager.getLogManager().reset();
    try {
      Pulumi.run(
          context -> {
            RunnerPause.begin();
            var checked = ConfigLoader.load(ConfigSource.fromEnvironment(), Rules::check);
            checked.warnings().forEach(warning -> context.log().warn(warning.toString()));
            var applies = !Deployment.getInstance().isDryRun();
            if (applies) {
              SilentHosts.start(checked.config(), context.log()::warn);
            }
            var outputs = Platform.define(checked.plan(), context.log()::warn);
            outputs.forEach(context::export);
            if (applies) {
              watchPendingPods(outputs, context.log());
            }
          });
    } catch (IllegalArgumentException e) {
      // Not started by the Pulumi CLI; whatever goes wrong later, the SDK reports to the engine.
      System.err.println(e.getMessage());
      System.exit(1);
    }
  }

  /** Starts as soon as the cluster exists. */
  private static void watchPendingPods(Map<String, Output<?>> outputs, LoggingContext log) {
    Optional.ofNullable(outputs.get(Platform.READ_ONLY_KUBECONFIG))
        .ifPresent(
            kubeconfig ->
                kubeconfig.applyValue(
                    text -> {
                      PendingPodsWatch.start(text.toString(), log::warn);
                      return true;
                    }));
  }
}
