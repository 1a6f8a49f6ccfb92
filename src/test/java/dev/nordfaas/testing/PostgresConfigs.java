package dev.nordfaas.testing;

import dev.nordfaas.config.FunctionConfig.DatabaseAccess;
import dev.nordfaas.config.FunctionConfig.Grant;
import dev.nordfaas.config.PostgresConfig;
import dev.nordfaas.config.RoleSettings;
import dev.nordfaas.config.check.PatchedConfig;
import java.time.Duration;
import java.util.Optional;

/** Variants of the section {@code postgres} of stack {@code oslo}. */
public final class PostgresConfigs {
  private PostgresConfigs() {}

  /**
   * The section with other values.
   *
   * @param settings YAML of a flow mapping, from keys below {@code postgres} to values
   */
  public static PostgresConfig with(String settings) {
    var keys = settings.replaceAll("(^\\{|, )([a-z])", "$1nordfaas:postgres.$2");
    return PatchedConfig.of("oslo", "set: " + keys).postgres();
  }

  /** The same server with other memory and connections. */
  public static PostgresConfig withMemory(String limit, int maxConnections) {
    return with(
        "{resources.limits.memory: %s, maxConnections: %d}".formatted(limit, maxConnections));
  }

  /** The access of a function to a database, with the password of a version. */
  public static DatabaseAccess access(String database, int passwordVersion) {
    return new DatabaseAccess(
        database,
        Grant.WRITE,
        10,
        false,
        passwordVersion,
        Duration.ofDays(1),
        Optional.empty(),
        RoleSettings.NONE);
  }
}
