package dev.nordfaas.policy;

import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.manifest.ServiceAddress;
import dev.nordfaas.plan.Plan;

/**
 * A function's metrics have a port of their own: whoever may call the function may not read them.
 */
final class MetricsPortRule implements Rule {
  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    config
        .functions()
        .forEach(
            (name, function) ->
                function
                    .metricsPort()
                    .filter(port -> port == ServiceAddress.FUNCTION_PORT)
                    .ifPresent(
                        port ->
                            problems.add(
                                KeyPath.of("functions", name, "metricsPort"),
                                "%d is the port of calls, at which callers could read the metrics"
                                    .formatted(port),
                                "let the function serve its metrics on another port, such as 8081")));
  }
}
