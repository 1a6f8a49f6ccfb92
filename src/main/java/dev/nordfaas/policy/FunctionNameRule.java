package dev.nordfaas.policy;

import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.function.CronTriggers;
import dev.nordfaas.function.Workloads;
import dev.nordfaas.manifest.CallPath;
import dev.nordfaas.nats.NatsUser;
import dev.nordfaas.plan.Plan;
import dev.nordfaas.postgres.Postgres;
import dev.nordfaas.postgres.SqlRole;
import java.util.Set;

/**
 * A function's name is not taken anywhere it is used: by its Service and its workload, by its
 * worker as a NATS user, and by its PostgreSQL role.
 */
final class FunctionNameRule implements Rule {
  private static final Set<String> SERVICES =
      Set.of("edge", "gateway", "intake", "nats", "pgbouncer", "postgres");
  private static final Set<String> NATS_USERS =
      Set.of(
          NatsUser.ADMIN,
          NatsUser.CLUSTER,
          NatsUser.DEAD_LETTERS,
          NatsUser.METRICS,
          NatsUser.SYSTEM);
  private static final String WORKER = "-worker";
  private static final KeyPath DATABASES = KeyPath.of("postgres", "databases");
  private static final String FIX = "choose another name";

  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    config
        .functions()
        .forEach(
            (name, function) -> {
              var path = KeyPath.of("functions", name);
              checkWorkload(name, path, problems);
              if (plan.calls() == CallPath.DIRECT && name.endsWith(Workloads.PODS_ENDING)) {
                problems.add(
                    path,
                    "names that end in %s are reserved for the services by which the edge finds pods"
                        .formatted(Workloads.PODS_ENDING),
                    FIX,
                    KeyPath.of("openfaas", "edition"));
              }
              if (function.queue().isPresent() && NATS_USERS.contains(name)) {
                problems.add(path, "NATS has a user of this name", FIX, path.key("queue"));
              }
              if (function.database().isPresent()) {
                checkRole(name, path, config, problems);
                checkSecondRole(name, path, config, problems);
              }
            });
  }

  private static void checkWorkload(String name, KeyPath path, Problems problems) {
    if (SERVICES.contains(name)) {
      problems.add(path, "the platform has a service of this name", FIX);
    }
    if (name.endsWith(CronTriggers.ENDING)) {
      problems.add(
          path,
          "names that end in %s are reserved for the functions' schedules"
              .formatted(CronTriggers.ENDING),
          FIX);
    }
    if (name.endsWith(Workloads.METRICS_ENDING)) {
      problems.add(
          path,
          "names that end in %s are reserved for the services of metrics"
              .formatted(Workloads.METRICS_ENDING),
          FIX);
    }
    if (name.endsWith(WORKER)) {
      problems.add(
          path,
          "names that end in %s are reserved for the functions' queue-workers".formatted(WORKER),
          FIX);
    }
  }

  /** A function's passwords alternate between two roles. */
  private static void checkSecondRole(
      String function, KeyPath path, StackConfig config, Problems problems) {
    var second = SqlRole.nameOf(function, 2);
    config
        .functions()
        .forEach(
            (name, other) -> {
              if (other.database().isPresent() && SqlRole.nameOf(name).equals(second)) {
                problems.add(
                    KeyPath.of("functions", name),
                    "role %s is reserved for the next password of function %s"
                        .formatted(second, function),
                    FIX,
                    path.key("database"));
              }
            });
  }

  private static void checkRole(
      String function, KeyPath path, StackConfig config, Problems problems) {
    var role = SqlRole.nameOf(function);
    for (var database : config.postgres().databases().keySet()) {
      if (SqlRole.ofDatabase(database).contains(role)) {
        problems.add(
            path,
            "database %s already has a role %s".formatted(database, role),
            FIX,
            path.key("database"),
            DATABASES);
      }
    }
    if (Postgres.RESERVED_ROLES.contains(role)) {
      problems.add(path, "PostgreSQL reserves the role of this name", FIX, path.key("database"));
    }
    if (role.startsWith(SqlRole.RESERVED_PREFIX)) {
      problems.add(
          path, "PostgreSQL reserves role names that begin with pg_", FIX, path.key("database"));
    }
  }
}
