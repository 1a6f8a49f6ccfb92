package dev.nordfaas.policy;

import dev.nordfaas.config.ByteSize;
import dev.nordfaas.config.Durations;
import dev.nordfaas.config.FunctionConfig;
import dev.nordfaas.config.RoleSettings;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.plan.Plan;
import dev.nordfaas.postgres.ServerMemory;
import java.time.Duration;
import java.util.TreeMap;

/** The settings of a function's sessions are within bounds, and take effect. */
final class RoleSettingsRule implements Rule {
  private static final Duration SHORTEST = Duration.ofMillis(100);
  private static final Duration LONGEST_IDLE = Duration.ofHours(1);
  private static final ByteSize LEAST_MEMORY = ByteSize.parse("1Mi");
  private static final ByteSize MOST_MEMORY = ByteSize.parse("1Gi");
  private static final KeyPath FUNCTIONS = KeyPath.of("functions");
  private static final KeyPath LIMIT = KeyPath.of("postgres", "resources", "limits").key("memory");

  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    config
        .functions()
        .forEach(
            (name, function) ->
                function
                    .database()
                    .ifPresent(access -> check(name, function, access.settings(), problems)));
    checkMemory(config, plan, problems);
  }

  private static void check(
      String name, FunctionConfig function, RoleSettings settings, Problems problems) {
    var path = settings(name);
    var timeout = FUNCTIONS.key(name).key("timeout");
    settings
        .statementTimeout()
        .ifPresent(
            value -> {
              var key = path.key("statementTimeout");
              if (isShort(key, value, "to the function's timeout", problems)) {
                return;
              }
              if (value.compareTo(function.timeout()) > 0) {
                problems.add(
                    key,
                    "%s is above the function's timeout %s: nobody would wait for the statement any more"
                        .formatted(text(value), text(function.timeout())),
                    "lower it",
                    timeout);
              }
            });
    settings
        .lockTimeout()
        .ifPresent(value -> checkLock(path, value, function, settings, timeout, problems));
    settings
        .idleInTransactionSessionTimeout()
        .filter(value -> value.compareTo(SHORTEST) < 0 || value.compareTo(LONGEST_IDLE) > 0)
        .ifPresent(
            value ->
                problems.add(
                    path.key("idleInTransactionSessionTimeout"),
                    "%s is out of range".formatted(text(value)),
                    "use 100ms to 1h"));
    settings
        .workMem()
        .filter(value -> value.compareTo(LEAST_MEMORY) < 0 || value.compareTo(MOST_MEMORY) > 0)
        .ifPresent(
            value ->
                problems.add(
                    path.key("workMem"), "%s is out of range".formatted(value), "use 1Mi to 1Gi"));
  }

  private static void checkLock(
      KeyPath path,
      Duration value,
      FunctionConfig function,
      RoleSettings settings,
      KeyPath timeout,
      Problems problems) {
    var key = path.key("lockTimeout");
    if (isShort(key, value, "to below statementTimeout", problems)) {
      return;
    }
    var limit = settings.statementTimeout();
    if (limit.isPresent() && value.compareTo(limit.get()) >= 0) {
      problems.add(
          key,
          "%s never ends a statement: statementTimeout %s does it first"
              .formatted(text(value), text(limit.get())),
          "lower it below statementTimeout, or remove it",
          path.key("statementTimeout"));
    } else if (value.compareTo(function.timeout()) > 0) {
      problems.add(
          key,
          "%s is above the function's timeout %s: nobody would wait for the lock any more"
              .formatted(text(value), text(function.timeout())),
          "lower it",
          timeout);
    }
  }

  private static boolean isShort(KeyPath key, Duration value, String range, Problems problems) {
    if (value.compareTo(SHORTEST) >= 0) {
      return false;
    }
    problems.add(key, "%s is too short".formatted(text(value)), "use 100ms %s".formatted(range));
    return true;
  }

  /** All server connections of the functions may sort at once, and the others with what is left. */
  private static void checkMemory(StackConfig config, Plan plan, Problems problems) {
    var pooler = config.postgres().pooler();
    var connections = plan.connections().poolSize() * pooler.replicas();
    var sorts = new TreeMap<String, ByteSize>();
    plan.databaseRoles()
        .forEach(
            (name, access) ->
                access.settings().workMem().ifPresent(workMem -> sorts.put(name, workMem)));
    var limit = config.postgres().resources().limits().memory();
    var memory = new ServerMemory(limit.bytes(), plan.connections().maxConnections());
    var left = memory.leftForSorts(sorts.size() * connections);
    var needed = sorts.values().stream().mapToLong(it -> it.bytes() * connections).sum();
    if (needed > left) {
      sorts.forEach(
          (name, workMem) ->
              problems.add(
                  settings(name).key("workMem"),
                  "%d connections × %s%s exceed %s, which is left of postgres.resources.limits.memory %s"
                      .formatted(
                          connections,
                          workMem,
                          sorts.size() == 1
                              ? " = " + Amounts.size(needed)
                              : ", with those of other functions " + Amounts.size(needed) + ",",
                          Amounts.size(Math.max(0, left)),
                          limit),
                  "lower it, raise the limit, or lower postgres.pooler.defaultPoolSize",
                  LIMIT,
                  KeyPath.of("postgres", "maxConnections"),
                  KeyPath.of("postgres", "pooler", "defaultPoolSize"),
                  KeyPath.of("postgres", "pooler", "reservePoolSize"),
                  KeyPath.of("postgres", "pooler", "replicas")));
    }
  }

  private static KeyPath settings(String function) {
    return FUNCTIONS.key(function).key("database").key("settings");
  }

  private static String text(Duration duration) {
    return Durations.format(duration);
  }
}
