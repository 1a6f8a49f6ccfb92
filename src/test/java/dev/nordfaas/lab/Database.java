package dev.nordfaas.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * PostgreSQL in the lab, one instance or the cluster that CloudNativePG operates: asked, not
 * assumed.
 */
final class Database {
  private static final String NAMESPACE = "postgres";
  private static final String CONTAINER = "postgres";
  private static final String CLUSTER = "clusters.postgresql.cnpg.io/postgres";
  private static final String INSTANCES = "cnpg.io/podRole=instance";
  private static final String ROLE = "cnpg.io/instanceRole";
  private static final String SINGLE = "app.kubernetes.io/name=postgres";

  private Database() {}

  /** Whether it is a cluster. */
  static boolean isCluster() {
    return !instances(INSTANCES).isEmpty();
  }

  private static List<JsonNode> instances(String selector) {
    return Lab.objects("pods", "--namespace=" + NAMESPACE, "--selector=" + selector);
  }

  /** The pods of all instances. */
  static List<JsonNode> instances() {
    var ofCluster = Pods.running(NAMESPACE, INSTANCES);
    return ofCluster.isEmpty() ? Pods.running(NAMESPACE, SINGLE) : ofCluster;
  }

  /** The pod of the instance that takes writes. */
  static JsonNode primary() {
    return Lab.eventually(
            () -> instances().stream().filter(Database::isPrimary).toList(),
            found -> found.size() == 1)
        .get(0);
  }

  /** The pod of one that does not, if there is one. */
  static Optional<JsonNode> standby() {
    return instances().stream().filter(pod -> !isPrimary(pod)).findFirst();
  }

  /** Whether a pod is that of the instance that takes writes. */
  static boolean isPrimary(JsonNode pod) {
    var labels = pod.at("/metadata/labels");
    return !labels.has("cnpg.io/cluster") || labels.path(ROLE).stringValue("").equals("primary");
  }

  /** Ends all processes of an instance. */
  static void kill(JsonNode pod) {
    Pods.kill(pod, CONTAINER);
  }

  /** Lines of a query of the superuser in the database orders; empty while there is no answer. */
  static List<String> tryQuery(String sql) {
    var result = Lab.trySql(sql);
    return result.exitCode() == 0 ? result.output().lines().toList() : List.of();
  }

  private static Lab.Result ask(JsonNode pod, String sql) {
    return Lab.run(
        "lab/shell",
        "timeout",
        "60",
        "kubectl",
        "--namespace=" + NAMESPACE,
        "exec",
        Pods.name(pod),
        "--container=" + CONTAINER,
        "--",
        "psql",
        "-XAtq",
        "--username=postgres",
        "--dbname=orders",
        "--command=" + sql);
  }

  /** Makes a standby the primary: what {@code kubectl cnpg promote} does. */
  static void promote(JsonNode pod) {
    HighAvailabilityIT.promote(Pods.name(pod));
    Lab.eventually(() -> Pods.name(primary()), name -> name.equals(Pods.name(pod)));
  }

  /** What keeps it from one primary that takes writes, and all instances being there. */
  static List<String> problems() {
    var problems = new ArrayList<String>();
    var writers = new ArrayList<String>();
    for (var pod : instances()) {
      var answer = ask(pod, "select pg_is_in_recovery()");
      if (answer.exitCode() != 0) {
        problems.add("%s: %s".formatted(Pods.name(pod), answer.output().strip()));
      } else if (answer.output().strip().equals("f")) {
        writers.add(Pods.name(pod));
      }
    }
    if (writers.size() != 1) {
      problems.add("instances of PostgreSQL that take writes: " + writers);
    }
    if (isCluster()) {
      var status =
          Lab.kubectl(
              "--namespace=" + NAMESPACE,
              "get",
              CLUSTER,
              "--output=jsonpath={.status.readyInstances}/{.status.instances} {.status.phase}");
      if (!status.equals("3/3 Cluster in healthy state")) {
        problems.add("CloudNativePG: " + status);
      }
    }
    return problems;
  }
}
