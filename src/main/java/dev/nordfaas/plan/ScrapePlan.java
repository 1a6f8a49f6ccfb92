package dev.nordfaas.plan;

import dev.nordfaas.config.StackConfig;
import dev.nordfaas.function.Workloads;
import dev.nordfaas.manifest.Namespaces;
import dev.nordfaas.manifest.ServiceAddress;
import dev.nordfaas.nats.Nats;
import dev.nordfaas.postgres.Postgres;
import dev.nordfaas.prometheus.ScrapeTarget;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;

/** The scrape targets besides OpenFaaS: exporters, intake, the workers, and functions. */
final class ScrapePlan {
  private ScrapePlan() {}

  /**
   * The targets of a stack.
   *
   * @param triggered the functions that a worker calls
   */
  static List<ScrapeTarget> of(
      StackConfig config, boolean hasIntake, Collection<String> triggered) {
    var targets = new ArrayList<ScrapeTarget>();
    if (config.nats().exporterImage().isPresent()) {
      targets.add(
          ScrapeTarget.served(Nats.NAME, Namespaces.NATS, Nats.HEADLESS, Nats.EXPORTER_PORT));
    }
    if (config.postgres().exporterImage().isPresent()) {
      targets.add(
          ScrapeTarget.served(
              Postgres.NAME, Namespaces.POSTGRES, Postgres.METRICS, Postgres.METRICS_PORT));
    }
    if (config.postgres().pooler().exporterImage().isPresent()) {
      targets.add(
          ScrapeTarget.served(
              Postgres.POOLER,
              Namespaces.POSTGRES,
              Postgres.POOLER_METRICS,
              Postgres.POOLER_METRICS_PORT));
    }
    if (hasIntake) {
      targets.add(
          ScrapeTarget.workload(
              Plan.INTAKE, ServiceAddress.INTAKE_METRICS, Workloads.METRICS_PORT));
    }
    triggered.forEach(
        function -> {
          var worker = Workloads.workerName(function);
          // A worker has no Service for calls, so its name is available for this one.
          targets.add(ScrapeTarget.workload(worker, worker, Workloads.METRICS_PORT));
        });
    new TreeMap<>(config.functions())
        .forEach(
            (name, function) ->
                function
                    .metricsPort()
                    .ifPresent(
                        port ->
                            targets.add(
                                ScrapeTarget.workload(
                                    name, Workloads.metricsServiceName(name), port))));
    return targets;
  }
}
