package dev.nordfaas.policy;

import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.function.Workloads;
import dev.nordfaas.plan.Plan;

/** A function's environment does not override the variables of its database. */
final class EnvironmentRule implements Rule {

  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    config
        .functions()
        .forEach(
            (name, function) -> {
              var path = KeyPath.of("functions", name);
              Workloads.databaseVariables(function).stream()
                  .filter(function.environment()::containsKey)
                  .forEach(
                      variable ->
                          problems.add(
                              path.key("environment").key(variable),
                              "is set from the function's database",
                              "remove it",
                              path.key("database")));
            });
  }
}
