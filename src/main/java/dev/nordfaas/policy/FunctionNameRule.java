package dev.nordfaas.policy;

import dev.nordfaas.config.KeyPath;
import dev.nordfaas.config.Problems;
import dev.nordfaas.config.Rule;
import dev.nordfaas.config.StackConfig;
import java.util.Set;

/** A function's name is not that of something else in the platform. */
final class FunctionNameRule implements Rule {
  private static final Set<String> SERVICES =
      Set.of("edge", "gateway", "intake", "nats", "pgbouncer", "postgres");
  private static final String WORKER = "-worker";
  private static final String FIX = "choose another name";

  @Override
  public void check(StackConfig config, Problems problems) {
    for (var name : config.functions().keySet()) {
      var path = KeyPath.of("functions", name);
      if (SERVICES.contains(name)) {
        problems.add(path, "the platform has a service of this name", FIX);
      }
      if (name.endsWith(WORKER)) {
        problems.add(
            path, "names in %s belong to the functions' queue-workers".formatted(WORKER), FIX);
      }
    }
  }
}
