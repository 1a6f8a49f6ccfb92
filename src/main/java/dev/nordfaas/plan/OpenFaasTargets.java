package dev.nordfaas.plan;

import dev.nordfaas.config.OpenFaasConfig;
import dev.nordfaas.edge.EdgePod;
import dev.nordfaas.manifest.Namespaces;
import dev.nordfaas.openfaas.Gateway;
import dev.nordfaas.openfaas.JetStreamQueue;
import dev.nordfaas.prometheus.ScrapeTarget;
import java.util.ArrayList;
import java.util.List;

/** The scrape targets of what calls functions: of OpenFaaS, or of the edge without it. */
public final class OpenFaasTargets {
  private static final ScrapeTarget GATEWAY =
      ScrapeTarget.openFaas(Gateway.NAME, Gateway.NAME, Gateway.METRICS);

  private static final ScrapeTarget EDGE =
      ScrapeTarget.served(EdgePod.NAME, Namespaces.EDGE, EdgePod.NAME, EdgePod.METRICS);

  private static final ScrapeTarget QUEUE_WORKER =
      ScrapeTarget.openFaas(
          "openfaas-queue-worker", JetStreamQueue.WORKER, JetStreamQueue.WORKER_METRICS);

  private OpenFaasTargets() {}

  /** These targets, followed by the others. */
  public static List<ScrapeTarget> and(OpenFaasConfig config, List<ScrapeTarget> others) {
    var targets = new ArrayList<>(List.of(config.hasGateway() ? GATEWAY : EDGE));
    config.jetstream().ifPresent(jetstream -> targets.add(QUEUE_WORKER));
    targets.addAll(others);
    return targets;
  }
}
