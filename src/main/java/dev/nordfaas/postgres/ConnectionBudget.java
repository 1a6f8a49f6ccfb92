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
 * The connections that PostgreSQL is asked for: what each PgBouncer may open at most, and what is
 * kept for others.
 *
 * <p>Each function with a database has a role, and so a pool, of its own. A role with a second
 * password has no more: {@code max_db_connections} holds for all pools of a database together.
 */
public final class ConnectionBudget {
  /**
   * Kept for administration (3, {@code superuser_reserved_connections}) and the Jobs that make
   * roles and backups: nordfaas' choice. The exporter has its own.
   */
  static final int RESERVED = 10;

  /**
   * Connections with which one PgBouncer looks passwords up: 10000 clients were let in over them in
   * a minute.
   */
  static final int LOOK_UPS = 2;

  /** Connections of one PgBouncer for a database's migrations, with a look-up. */
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

  /** {@code max_connections}: what the config says, or what is needed, in full tens. */
  public int maxConnections() {
    return config.maxConnections().orElse((needed() + STEP - 1) / STEP * STEP);
  }

  /**
   * How {@link #needed()} comes about, such as {@code (1 pool × 25 + 2 look-ups) × 1 replica + 10 =
   * 37}.
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

  /** The operator's PgBouncer knows no limit for one user, and so may fill a pool with look-ups. */
  private int lookUps() {
    return config.highAvailability() ? poolSize() : LOOK_UPS;
  }

  /** Under the operator migrations connect to the primary, with connections of the reserve. */
  private int migrations() {
    return config.highAvailability() ? 0 : migrated().size() * MIGRATIONS;
  }

  private static String count(int count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }
}
