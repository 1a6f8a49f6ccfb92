package dev.nordfaas.policy;

import dev.nordfaas.config.ByteSize;
import dev.nordfaas.config.Durations;
import dev.nordfaas.config.OpenFaasConfig.PrometheusConfig;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.plan.Plan;
import java.time.Duration;

/** Prometheus accepts the times, and has space for its own files. */
final class PrometheusRule implements Rule {
  private static final KeyPath PROMETHEUS = KeyPath.of("openfaas", "prometheus");
  private static final ByteSize MIN_SIZE = ByteSize.parse("1Gi");

  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    config.openfaas().prometheus().ifPresent(prometheus -> check(prometheus, problems));
  }

  private static void check(PrometheusConfig config, Problems problems) {
    checkTime("retention", config.retention(), Duration.ofHours(1), Duration.ofDays(365), problems);
    checkTime(
        "interval", config.interval(), Duration.ofSeconds(1), Duration.ofMinutes(5), problems);
    if (config.size().compareTo(MIN_SIZE) < 0) {
      problems.add(
          PROMETHEUS.key("size"),
          "%s is too small for Prometheus' files of the last hours, which it allocates in advance"
              .formatted(config.size()),
          "use %s or more".formatted(MIN_SIZE));
    }
  }

  private static void checkTime(
      String key, Duration value, Duration min, Duration max, Problems problems) {
    if (value.compareTo(min) < 0 || value.compareTo(max) > 0 || value.toMillis() % 1000 != 0) {
      problems.add(
          PROMETHEUS.key(key),
          "%s is out of range".formatted(Durations.format(value)),
          "use whole seconds from %s to %s"
              .formatted(Durations.format(min), Durations.format(max)));
    }
  }
}
