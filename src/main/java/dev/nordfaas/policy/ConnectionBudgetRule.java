package dev.nordfaas.policy;

import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.plan.Plan;
import dev.nordfaas.postgres.ConnectionBudget;
import java.util.TreeMap;

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
    checkClientConnections(config, problems);
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

  private static void checkClientConnections(StackConfig config, Problems problems) {
    var clients = new TreeMap<String, Long>();
    config
        .functions()
        .forEach(
            (name, function) ->
                function
                    .database()
                    .ifPresent(
                        database ->
                            clients.put(
                                "%s %d × %d"
                                    .formatted(name, function.scale().max(), database.poolSize()),
                                (long) function.scale().max() * database.poolSize())));
    var needed = clients.values().stream().mapToLong(Long::longValue).sum();
    var pooler = config.postgres().pooler();
    var offered = (long) pooler.maxClientConn() * pooler.replicas();
    if (needed > offered) {
      problems.add(
          POOLER.key("maxClientConn"),
          "%s = %d connections exceed %d × %s = %d"
              .formatted(
                  String.join(" + ", clients.keySet()),
                  needed,
                  pooler.maxClientConn(),
                  count(pooler.replicas(), "replica"),
                  offered),
          "raise it or lower the functions' poolSize or scale.max",
          POOLER.key("replicas"));
    }
  }

  private static String count(long count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }
}
