package dev.nordfaas.policy;

import dev.nordfaas.config.PostgresConfig.PoolMode;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.plan.DatabaseClients;
import dev.nordfaas.plan.Plan;
import dev.nordfaas.postgres.ConnectionBudget;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * PgBouncer never opens more connections than PostgreSQL allows, nor functions more than PgBouncer
 * allows.
 *
 * <p>{@link ConnectionBudget} computes the sum.
 */
final class ConnectionBudgetRule implements Rule {
  private static final KeyPath POSTGRES = KeyPath.of("postgres");
  private static final KeyPath POOLER = POSTGRES.key("pooler");

  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    checkServerConnections(plan.connections(), problems);
    checkClientConnections(config, plan, problems);
    checkSessions(config, plan, problems);
  }

  private static void checkServerConnections(ConnectionBudget budget, Problems problems) {
    if (budget.needed() > budget.maxConnections()) {
      problems.add(
          POSTGRES.key("maxConnections"),
          "%s exceeds maxConnections %d".formatted(budget.sum(), budget.maxConnections()),
          "raise maxConnections to %d, remove it, or lower %s"
              .formatted(
                  budget.needed(), budget.isCapped() ? "maxDbConnections" : "defaultPoolSize"),
          POOLER.key("defaultPoolSize"),
          POOLER.key("reservePoolSize"),
          POOLER.key("maxDbConnections"),
          POOLER.key("replicas"));
    }
  }

  private static void checkClientConnections(StackConfig config, Plan plan, Problems problems) {
    var clients = plan.databaseClients();
    var needed = sum(clients);
    var pooler = config.postgres().pooler();
    var offered = (long) pooler.maxClientConn() * pooler.replicas();
    if (needed > offered) {
      problems.add(
          POOLER.key("maxClientConn"),
          "%s = %d connections, one pod of each in a rollout included, exceed %d × %s = %d"
              .formatted(
                  products(clients),
                  needed,
                  pooler.maxClientConn(),
                  count(pooler.replicas(), "replica"),
                  offered),
          "raise it or lower the functions' poolSize or scale.max",
          POOLER.key("replicas"));
    }
  }

  /**
   * In session mode a client connection keeps its server connection until it is closed, and
   * functions keep theirs open. Which pod of PgBouncer a connection reaches is up to chance, so one
   * has to hold them all.
   */
  private static void checkSessions(StackConfig config, Plan plan, Problems problems) {
    if (config.postgres().pooler().poolMode() != PoolMode.SESSION) {
      return;
    }
    plan.databaseClients().forEach(client -> checkPool(client, plan.connections(), problems));
    config
        .postgres()
        .pooler()
        .maxDbConnections()
        .ifPresent(limit -> checkDatabases(plan.databaseClients(), limit, problems));
  }

  private static void checkPool(
      DatabaseClients client, ConnectionBudget budget, Problems problems) {
    var offered = budget.poolSize();
    if (client.connections() > offered) {
      var function = KeyPath.of("functions", client.function());
      var fitting = offered / (client.connections() / client.poolSize());
      problems.add(
          function.key("database").key("poolSize"),
          "with poolMode session each connection keeps a server connection, and %s = %d, one pod in a rollout included, exceed defaultPoolSize + reservePoolSize = %d"
              .formatted(client.product(), client.connections(), offered),
          "%sset poolMode to transaction, lower scale.max, or raise postgres.pooler.defaultPoolSize by %d"
              .formatted(
                  fitting > 0 ? "lower it to %d, ".formatted(fitting) : "",
                  client.connections() - offered),
          function.key("scale").key("max"),
          POOLER.key("poolMode"),
          POOLER.key("defaultPoolSize"),
          POOLER.key("reservePoolSize"));
    }
  }

  private static void checkDatabases(List<DatabaseClients> all, int limit, Problems problems) {
    all.stream()
        .collect(
            Collectors.groupingBy(DatabaseClients::database, TreeMap::new, Collectors.toList()))
        .forEach(
            (database, clients) -> {
              var needed = sum(clients);
              if (needed > limit) {
                problems.add(
                    POOLER.key("maxDbConnections"),
                    "with poolMode session each connection keeps a server connection, and those to database %s, %s = %d, exceed maxDbConnections %d"
                        .formatted(database, products(clients), needed, limit),
                    "raise it to %d or remove it, set poolMode to transaction, or lower the functions' poolSize or scale.max"
                        .formatted(needed),
                    POOLER.key("poolMode"));
              }
            });
  }

  private static long sum(List<DatabaseClients> clients) {
    return clients.stream().mapToLong(DatabaseClients::connections).sum();
  }

  private static String products(List<DatabaseClients> clients) {
    return clients.stream()
        .map(client -> client.function() + " " + client.product())
        .collect(Collectors.joining(" + "));
  }

  private static String count(long count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }
}
