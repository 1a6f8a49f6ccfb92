package dev.nordfaas.prometheus;

import dev.nordfaas.manifest.Labels;
import dev.nordfaas.manifest.Namespaces;
import dev.nordfaas.manifest.NetworkPeer;
import dev.nordfaas.manifest.NetworkPolicies;
import java.util.Map;

/**
 * Pods that Prometheus scrapes. It discovers each of them through the DNS records of a headless
 * Service, and so needs no access to the Kubernetes API.
 *
 * @param job label {@code job} of the metrics
 * @param pods name of the pods, the value of {@link Labels#NAME}
 * @param namespace namespace of the pods and of the Service
 * @param service name of the headless Service
 * @param port TCP port of the metrics
 * @param served whether the pods' own component creates the Service
 */
public record ScrapeTarget(
    String job, String pods, String namespace, String service, int port, boolean served) {

  /** Pods of OpenFaaS itself; their metrics have their own Service. */
  public static ScrapeTarget openFaas(String job, String pods, int port) {
    return new ScrapeTarget(job, pods, Namespaces.OPENFAAS, pods + "-metrics", port, false);
  }

  /** A workload in the functions' namespace; its metrics have their own Service. */
  public static ScrapeTarget workload(String name, String service, int port) {
    return new ScrapeTarget(name, name, Namespaces.FUNCTIONS, service, port, false);
  }

  /** Pods that already have a headless Service. */
  public static ScrapeTarget served(String name, String namespace, String service, int port) {
    return new ScrapeTarget(name, name, namespace, service, port, true);
  }

  /** The name that resolves to the pods' addresses; the trailing dot prevents a search. */
  String dnsName() {
    return "%s.%s.svc.cluster.local.".formatted(service, namespace);
  }

  Labels labels() {
    return new Labels(pods, "metrics");
  }

  NetworkPeer peer() {
    return NetworkPolicies.pods(namespace, Map.of(Labels.NAME, pods));
  }
}
