package dev.nordfaas.lab;

import dev.nordfaas.testing.Metrics;

/** The exporters beside PostgreSQL and PgBouncer, asked through the Kubernetes API. */
final class Exporters {
  static final int POSTGRES_PORT = 9187;
  static final int POOLER_PORT = 9127;

  private Exporters() {}

  /** What PostgreSQL's exporter says now. */
  static Metrics postgres() {
    return scrape("postgres", POSTGRES_PORT);
  }

  /** What the exporter of the only PgBouncer says now. */
  static Metrics pooler() {
    return scrape("pgbouncer", POOLER_PORT);
  }

  /** The address of the one pod of a workload in the namespace {@code postgres}. */
  static String address(String workload) {
    return pod(workload, "/status/podIP");
  }

  private static Metrics scrape(String workload, int port) {
    return new Metrics(
        Lab.kubectl(
            "get",
            "--raw",
            "/api/v1/namespaces/postgres/pods/%s:%d/proxy/metrics"
                .formatted(pod(workload, "/metadata/name"), port)));
  }

  /** The one that stays: another may be on its way out. */
  private static String pod(String workload, String path) {
    return Lab.objects(
            "pods", "--namespace=postgres", "--selector=app.kubernetes.io/name=" + workload)
        .stream()
        .filter(pod -> !pod.get("metadata").has("deletionTimestamp"))
        .findFirst()
        .orElseThrow()
        .at(path)
        .stringValue();
  }
}
