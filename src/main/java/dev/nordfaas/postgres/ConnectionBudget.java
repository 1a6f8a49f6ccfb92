package dev.nordfaas.postgres;

import dev.nordfaas.config.PostgresConfig;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The connections to PostgreSQL: the most that each PgBouncer may open, and a reserve for others.
 *
 * <p>Each function with a database has its own role, and so its own pool. A role with a second
 * password gets no more: {@code max_db_connections} applies to all pools of a database together.
 */
public final class ConnectionBudget {
  /**
   * Reserved for administration (3, {@code superuser_reserved_connections}) and the Jobs for roles
   * and backups: nordfaas' choice. The exporter has its own.
   */
  static final int RESERVED = 10;

  /**
   * Connections that one PgBouncer uses to look up passwords: enough for 10000 logins per minute in
   * a test.
   */
  static final int LOOK_UPS = 2;

  /** Connections of one PgBouncer for a database's migrations, including a lookup. */
  static final int MIGRATIONS = 2;

  private static final int STEP = 10;

  private final PostgresConfig config;
  private final SortedMap<String, Integer> poolsByDatabase;

  private ConnectionBudget(PostgresConfig config, SortedMap<String, Integer> poolsByDatabase) {
    this.config = config;
    this.poolsByDatabase = Collections.unmodifiableSortedMap(poolsByDatabase);
  }

  /** The budget of a server with the roles of these functions. */
  public static ConnectionBudget of(PostgresConfig config, Collection<SqlRole> roles) {
    return new ConnectionBudget(
        config,
        roles.stream()
            .collect(
                Collectors.groupingBy(
                    SqlRole::database,
                    TreeMap::new,
                    Collectors.collectingAndThen(Collectors.counting(), Math::toIntExact))));
  }

  /** Server connections of one pool. */
  public int poolSize() {
    return config.pooler().defaultPoolSize() + config.pooler().reservePoolSize();
  }

  /** How many pools there are. */
  public int pools() {
    return poolsByDatabase.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** Server connections of one PgBouncer's functions. */
  public int perPod() {
    return poolsByDatabase.entrySet().stream()
        .mapToInt(
            entry -> Math.min(entry.getValue() * poolSize(), maxDbConnections(entry.getKey())))
        .sum();
  }

  /** Whether {@code maxDbConnections} allows less than the pools would take. */
  public boolean isCapped() {
    return perPod() < pools() * poolSize();
  }

  /** Server connections to one database per PgBouncer: enough for the pools of all its roles. */
  int maxDbConnections(String database) {
    return config
        .pooler()
        .maxDbConnections()
        .orElse(poolsByDatabase.getOrDefault(database, 1) * poolSize());
  }

  /** The largest {@link #maxDbConnections(String)} of all databases. */
  int maxDbConnections() {
    return config.databases().keySet().stream().mapToInt(this::maxDbConnections).max().orElse(1);
  }

  /** The databases with migrations, which have a pool for sessions. */
  public List<String> migrated() {
    return config.databases().entrySet().stream()
        .filter(entry -> entry.getValue().migrations().isPresent())
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  /** All connections together. */
  public int needed() {
    return (perPod() + lookUps() + migrations()) * config.pooler().replicas() + reserved();
  }

  /** {@code max_connections}: from the config, or what is needed, rounded up to tens. */
  public int maxConnections() {
    return config.maxConnections().orElse((needed() + STEP - 1) / STEP * STEP);
  }

  /**
   * The calculation of {@link #needed()}, such as {@code (1 pool × 25 + 2 look-ups) × 1 replica +
   * 10 = 37}.
   */
  public String sum() {
    var perPod = new ArrayList<String>();
    perPod.add(
        isCapped()
            ? perPod() + " server connections"
            : count(pools(), "pool") + " × " + poolSize());
    perPod.add(lookUps() + " look-ups");
    if (migrations() > 0) {
      perPod.add(migrations() + " for migrations");
    }
    return "(%s) × %s + %d = %d"
        .formatted(
            String.join(" + ", perPod),
            count(config.pooler().replicas(), "replica"),
            reserved(),
            needed());
  }

  private int reserved() {
    return RESERVED + config.exporterImage().map(it -> PostgresExporter.CONNECTIONS).orElse(0);
  }

  /** The operator's PgBouncer has no limit per user, so it may fill a pool with lookups. */
  private int lookUps() {
    return config.highAvailability() ? poolSize() : LOOK_UPS;
  }

  /** Under the operator migrations connect to the primary, using connections from the reserve. */
  private int migrations() {
    return config.highAvailability() ? 0 : migrated().size() * MIGRATIONS;
  }

  private static String count(int count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }
}
