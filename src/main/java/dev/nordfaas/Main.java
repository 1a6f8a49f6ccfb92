package dev.nordfaas;

import com.pulumi.Pulumi;
import dev.nordfaas.config.ConfigLoader;
import dev.nordfaas.config.ConfigSource;
import dev.nordfaas.policy.Rules;
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
            var plan = ConfigLoader.load(ConfigSource.fromEnvironment(), Rules::check);
            Platform.define(plan).forEach(context::export);
          });
    } catch (IllegalArgumentException e) {
      // Not started by the Pulumi CLI; whatever goes wrong later, the SDK reports to the engine.
      System.err.println(e.getMessage());
      System.exit(1);
    }
  }
}
