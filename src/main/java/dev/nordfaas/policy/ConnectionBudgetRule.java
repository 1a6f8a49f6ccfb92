package dev.nordfaas.policy;

import dev.nordfaas.config.FunctionConfig;
import dev.nordfaas.config.KeyPath;
import dev.nordfaas.config.Problems;
import dev.nordfaas.config.Rule;
import dev.nordfaas.config.StackConfig;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * PgBouncer never asks PostgreSQL for more connections than there are, nor functions PgBouncer.
 *
 * <p>Each function with a database has a role, and so a pool, of its own. Ten connections are kept
 * for administration, the look-up of passwords and the exporter: nordfaas' choice.
 */
final class ConnectionBudgetRule implements Rule {
  private static final int RESERVED = 10;
  private static final KeyPath POSTGRES = KeyPath.of("postgres");
  private static final KeyPath POOLER = POSTGRES.key("pooler");

  @Override
  public void check(StackConfig config, Problems problems) {
    checkServerConnections(config, problems);
    checkClientConnections(config, problems);
  }

  private static void checkServerConnections(StackConfig config, Problems problems) {
    var pooler = config.postgres().pooler();
    var poolSize = pooler.defaultPoolSize() + pooler.reservePoolSize();
    var pools = poolsByDatabase(config);
    var perPod =
        pools.values().stream()
            .mapToLong(
                count ->
                    Math.min(count * poolSize, pooler.maxDbConnections().orElse(Integer.MAX_VALUE)))
            .sum();
    var needed = perPod * pooler.replicas() + RESERVED;
    if (needed > config.postgres().maxConnections()) {
      var count = pools.values().stream().mapToLong(Long::longValue).sum();
      var capped = perPod < count * poolSize;
      problems.add(
          POSTGRES.key("maxConnections"),
          "%s × %s + %d = %d exceeds maxConnections %d"
              .formatted(
                  capped ? perPod + " server connections" : count(count, "pool") + " × " + poolSize,
                  count(pooler.replicas(), "replica"),
                  RESERVED,
                  needed,
                  config.postgres().maxConnections()),
          "raise maxConnections to %d or lower %s"
              .formatted(needed, capped ? "maxDbConnections" : "defaultPoolSize"),
          POOLER.key("defaultPoolSize"),
          POOLER.key("reservePoolSize"),
          POOLER.key("maxDbConnections"),
          POOLER.key("replicas"));
    }
  }

  private static Map<String, Long> poolsByDatabase(StackConfig config) {
    return config.functions().values().stream()
        .flatMap(function -> function.database().stream())
        .collect(
            Collectors.groupingBy(
                FunctionConfig.DatabaseAccess::name, TreeMap::new, Collectors.counting()));
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
