package dev.nordfaas.manifest;

import java.util.Map;
import java.util.TreeMap;

/**
 * The recommended labels of Kubernetes for one workload.
 *
 * @param name what it is, such as {@code nats}; also the value that selectors use
 * @param component its part in the platform, such as {@code queue}
 */
public record Labels(String name, String component) {
  public static final String NAME = "app.kubernetes.io/name";
  private static final String COMPONENT = "app.kubernetes.io/component";
  private static final String PART_OF = "app.kubernetes.io/part-of";
  private static final String MANAGED_BY = "app.kubernetes.io/managed-by";

  /** Marks pods that may connect to NATS. */
  public static final String NATS_CLIENT = "nordfaas.dev/nats-client";

  /** Marks pods that may connect to PgBouncer. */
  public static final String POSTGRES_CLIENT = "nordfaas.dev/postgres-client";

  /** Marks pods that may connect to the OpenFaaS gateway from inside the cluster. */
  public static final String GATEWAY_CLIENT = "nordfaas.dev/gateway-client";

  /** Marks pods that may read metrics: those of Prometheus, in any namespace. */
  public static final String METRICS_CLIENT = "nordfaas.dev/metrics-client";

  /** On every node, with its name: what pods are kept apart by, or bound to. */
  public static final String HOSTNAME = "kubernetes.io/hostname";

  /** On the pods of the cluster's name server; not ours, but the same in every Kubernetes. */
  public static final Map<String, String> NAME_SERVER = Map.of("k8s-app", "kube-dns");

  /** All labels, for the objects themselves. */
  public Map<String, String> all() {
    var labels = new TreeMap<>(selector());
    labels.put(COMPONENT, component);
    labels.put(PART_OF, "nordfaas");
    labels.put(MANAGED_BY, "pulumi");
    return labels;
  }

  /** The labels that never change, for selectors. */
  public Map<String, String> selector() {
    return Map.of(NAME, name);
  }
}
