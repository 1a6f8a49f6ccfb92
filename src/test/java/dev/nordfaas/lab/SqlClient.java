package dev.nordfaas.lab;

import dev.nordfaas.manifest.NewPods;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A pod with {@code psql} among the functions, and with the login of one of them, order-status if
 * nothing else is said. Its own policy lets it connect to whatever is in the database's namespace:
 * who answers is for theirs to say.
 */
final class SqlClient implements AutoCloseable {
  private static final String NAMESPACE = "--namespace=openfaas-fn";
  private static final String READER = "order-status";

  /** Label of them all. */
  private static final String OURS = "lab.nordfaas.dev/sql-client";

  /** Name of the pod's container. */
  static final String CONTAINER = "psql";

  private static final String TRUST = "/etc/nordfaas/database";

  private static final Map<String, String> LABELS = Map.of("nordfaas.dev/postgres-client", "true");

  /** Out of the DSN what libpq wants. */
  static final String LOGIN =
      """
      rest=${DATABASE_URL#postgresql://}
      login=${rest%%@*} rest=${rest#*@} address=${rest%%/*} rest=${rest#*/}
      export PGUSER=${login%%:*} PGPASSWORD=${login#*:} PGHOST=${address%:*}
      export PGPORT=${address##*:} PGDATABASE=${rest%%\\?*} PGSSLMODE=verify-full
      export PGSSLROOTCERT=/etc/nordfaas/database/ca.crt PGCONNECT_TIMEOUT=5
      """;

  private final String name = "sql-" + UUID.randomUUID();
  private final String function;
  private final Map<String, Object> place;

  /** With the label of a function that has a database. */
  static SqlClient ofAFunction() {
    return ofAFunction(READER);
  }

  /** The same, with the login of that function. */
  static SqlClient ofAFunction(String function) {
    return new SqlClient(function, LABELS, Map.of());
  }

  /** The same on a node, which it does not leave. */
  static SqlClient ofAFunction(String function, String node) {
    return new SqlClient(
        function,
        LABELS,
        Map.of("nodeName", node, "tolerations", List.of(Map.of("operator", "Exists"))));
  }

  /** Without the label. */
  static SqlClient ofAStranger() {
    return new SqlClient(READER, Map.of(), Map.of());
  }

  private SqlClient(String function, Map<String, String> labels, Map<String, Object> place) {
    this.function = function;
    this.place = place;
    var json = new JsonMapper();
    Lab.apply(json.writeValueAsString(policy()));
    Lab.apply(json.writeValueAsString(pod(labels)));
    Lab.kubectl(NAMESPACE, "wait", "pod/" + name, "--for=condition=Ready", "--timeout=120s");
  }

  /** The node that it runs on. */
  String node() {
    return Lab.kubectl(NAMESPACE, "get", "pod/" + name, "--output=jsonpath={.spec.nodeName}");
  }

  /** What a query says, through PgBouncer. */
  Lab.Result query(String sql) {
    return run("psql -XAtq -v ON_ERROR_STOP=1 -c '%s'".formatted(sql));
  }

  /** What a shell script says that finds the login in libpq's variables. */
  Lab.Result run(String script) {
    return Lab.run(
        "lab/shell", "kubectl", NAMESPACE, "exec", name, "--", "sh", "-c", LOGIN + script);
  }

  /** The pod as it is now. */
  JsonNode pod() {
    return new JsonMapper().readTree(Lab.kubectl(NAMESPACE, "get", "pod", name, "--output=json"));
  }

  /** Deletes those that a run which was killed has left behind. */
  static void deleteAll() {
    Lab.kubectl(NAMESPACE, "delete", "pods,networkpolicies", "--selector=" + OURS, "--now");
  }

  @Override
  public void close() {
    Lab.kubectl(
        NAMESPACE, "delete", "pod/" + name, "networkpolicy/" + name, "--now", "--wait=false");
  }

  private Map<String, Object> metadata(Map<String, String> labels) {
    var all = new TreeMap<>(labels);
    all.put(OURS, "true");
    all.put("app.kubernetes.io/name", name);
    return Map.of("name", name, "namespace", "openfaas-fn", "labels", all);
  }

  private Map<String, Object> policy() {
    var database =
        Map.of(
            "namespaceSelector",
            Map.of("matchLabels", Map.of("kubernetes.io/metadata.name", "postgres")));
    return Map.of(
        "apiVersion",
        "networking.k8s.io/v1",
        "kind",
        "NetworkPolicy",
        "metadata",
        metadata(Map.of()),
        "spec",
        Map.of(
            "podSelector",
            Map.of("matchLabels", Map.of("app.kubernetes.io/name", name)),
            "policyTypes",
            List.of("Egress"),
            "egress",
            List.of(Map.of("to", List.of(database)))));
  }

  /** As the function reaches its database. */
  private Map<String, Object> pod(Map<String, String> labels) {
    var spec =
        new JsonMapper()
            .readTree(Lab.kubectl(NAMESPACE, "get", "deployment", function, "--output=json"))
            .at("/spec/template/spec");
    var url = find(spec.at("/containers/0/env"), "name", "DATABASE_URL");
    var mount = find(spec.at("/containers/0/volumeMounts"), "mountPath", TRUST);
    var volume = find(spec.get("volumes"), "name", mount.get("name").stringValue());
    var container =
        Map.of(
            "name",
            CONTAINER,
            "image",
            "lab.nordfaas.dev/postgres:15",
            "command",
            List.of("sleep", "infinity"),
            "env",
            List.of(url),
            "volumeMounts",
            List.of(mount),
            // Ready once the network policies know the pod: what a test is refused is refused for
            // good.
            "startupProbe",
            Map.of(
                "exec",
                Map.of("command", List.of("true")),
                "initialDelaySeconds",
                NewPods.LET_THROUGH_SECONDS,
                "periodSeconds",
                1,
                "failureThreshold",
                60),
            "securityContext",
            Map.of(
                "allowPrivilegeEscalation", false, "capabilities", Map.of("drop", List.of("ALL"))));
    var whole =
        new TreeMap<String, Object>(
            Map.of(
                "automountServiceAccountToken",
                false,
                "terminationGracePeriodSeconds",
                1,
                "securityContext",
                Map.of(
                    "runAsNonRoot",
                    true,
                    "runAsUser",
                    65534,
                    "seccompProfile",
                    Map.of("type", "RuntimeDefault")),
                "containers",
                List.of(container),
                "volumes",
                List.of(volume)));
    whole.putAll(place);
    return Map.of("apiVersion", "v1", "kind", "Pod", "metadata", metadata(labels), "spec", whole);
  }

  private static JsonNode find(JsonNode nodes, String key, String value) {
    var found = new ArrayList<JsonNode>();
    nodes.forEach(
        node -> {
          if (node.path(key).stringValue("").equals(value)) {
            found.add(node);
          }
        });
    return found.get(0);
  }
}
