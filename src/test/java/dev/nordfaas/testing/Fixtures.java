package dev.nordfaas.testing;

import dev.nordfaas.config.ConfigLoader;
import dev.nordfaas.config.ConfigSource;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.policy.Rules;
import java.nio.file.Path;

/** The committed stack configs, loaded once. */
public final class Fixtures {
  private static final StackConfig OSLO = load("Pulumi.oslo.yaml");
  private static final StackConfig BERGEN = load("Pulumi.bergen.yaml");

  private Fixtures() {}

  /** One VPS. */
  public static StackConfig oslo() {
    return OSLO;
  }

  /** Three servers and two agents. */
  public static StackConfig bergen() {
    return BERGEN;
  }

  private static StackConfig load(String file) {
    return ConfigLoader.load(ConfigSource.fromFile(Path.of(file)), Rules.all());
  }
}
