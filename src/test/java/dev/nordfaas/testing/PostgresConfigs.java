package dev.nordfaas.testing;

import dev.nordfaas.config.ByteSize;
import dev.nordfaas.config.FunctionConfig.DatabaseAccess;
import dev.nordfaas.config.PostgresConfig;
import dev.nordfaas.config.PostgresConfig.DatabaseConfig;
import dev.nordfaas.config.PostgresConfig.PoolerConfig;
import dev.nordfaas.config.ResourcesConfig;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Variants of the section {@code postgres} of stack {@code oslo}. */
public final class PostgresConfigs {
  private static final PostgresConfig OSLO = Fixtures.oslo().postgres();

  private PostgresConfigs() {}

  /** The same server with other databases. */
  public static PostgresConfig withDatabases(Map<String, DatabaseConfig> databases) {
    return new PostgresConfig(
        OSLO.image(),
        OSLO.highAvailability(),
        OSLO.operator(),
        OSLO.storage(),
        OSLO.resources(),
        OSLO.maxConnections(),
        databases,
        OSLO.pooler(),
        OSLO.backup());
  }

  /** The same server of another image. */
  public static PostgresConfig withImage(String image) {
    return new PostgresConfig(
        image,
        OSLO.highAvailability(),
        OSLO.operator(),
        OSLO.storage(),
        OSLO.resources(),
        OSLO.maxConnections(),
        OSLO.databases(),
        OSLO.pooler(),
        OSLO.backup());
  }

  /** The same server with other memory and connections. */
  public static PostgresConfig withMemory(String limit, int maxConnections) {
    var resources =
        new ResourcesConfig(
            OSLO.resources().requests(),
            new ResourcesConfig.Limits(Optional.empty(), ByteSize.parse(limit)));
    return new PostgresConfig(
        OSLO.image(),
        OSLO.highAvailability(),
        OSLO.operator(),
        OSLO.storage(),
        resources,
        maxConnections,
        OSLO.databases(),
        OSLO.pooler(),
        OSLO.backup());
  }

  /** The pooler of {@code oslo} with other prepared statements and another limit per database. */
  public static PoolerConfig pooler(int maxPreparedStatements, Optional<Integer> maxDbConnections) {
    var pooler = OSLO.pooler();
    return new PoolerConfig(
        pooler.image(),
        pooler.replicas(),
        pooler.port(),
        pooler.poolMode(),
        pooler.maxClientConn(),
        pooler.defaultPoolSize(),
        pooler.reservePoolSize(),
        maxDbConnections,
        maxPreparedStatements,
        pooler.queryWaitTimeout(),
        pooler.serverLifetime(),
        pooler.resources());
  }

  /** The access of a function to a database, with the password of a version. */
  public static DatabaseAccess access(String database, int passwordVersion) {
    return new DatabaseAccess(database, 10, passwordVersion, Duration.ofDays(1), Optional.empty());
  }
}
