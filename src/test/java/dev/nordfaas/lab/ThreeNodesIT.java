package dev.nordfaas.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.pulumi.automation.AutomationException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A datacenter of three servers, as it is when nothing is broken. */
@ThreeVpses
@Order(1)
class ThreeNodesIT {
  private static final String SAME_NODE = "PreferSameNode";

  /** Not of the roots: the parent of init is in that of cgroup 2's tree. */
  private static final String SMALLEST_ID_IN_A_CGROUP =
      "find /sys/fs/cgroup -mindepth 3 -name cgroup.procs -exec cat {} + | sort -n | head -n 1";

  @Test
  void allAreServersAndTheirEtcdHasThreeVoters() {
    assertThat(Lab.objects("nodes"))
        .extracting(node -> node.at("/metadata/name").stringValue())
        .containsExactlyInAnyOrderElementsOf(ThreeServers.NAMES);
    var voters = new TreeSet<String>();
    for (var member : Etcd.members()) {
      assertThat(Etcd.isLearner(member)).isFalse();
      voters.add(Etcd.node(member));
    }
    assertThat(voters).containsExactlyElementsOf(ThreeServers.NAMES);
  }

  /**
   * A process of another VPS is 0 here. In a shared tree the systemd of one removes the groups of
   * another's units, which then do not start.
   */
  @Test
  void noVpsSharesACgroupWithAnother() {
    for (var node : ThreeServers.NAMES) {
      var smallest = Lab.inVpsOf(node, "sh", "-c", SMALLEST_ID_IN_A_CGROUP);
      assertThat(smallest.output().strip()).as("process in a cgroup of %s", node).isEqualTo("1");
    }
  }

  @Test
  void whatHasAReplicaForEachNodeIsOnEach() {
    assertThat(nodesOf("openfaas", "gateway")).containsExactlyElementsOf(ThreeServers.NAMES);
    assertThat(nodesOf("nats", "nats")).containsExactlyElementsOf(ThreeServers.NAMES);
    assertThat(nodesOf("openfaas-fn", "intake")).containsExactlyElementsOf(ThreeServers.NAMES);
    assertThat(nodesOf("openfaas-fn", "order-processor-worker")).hasSize(2);
  }

  /** While one is away, for whatever reason, none is evicted. */
  @Test
  void theNameServerRunsOnEveryNodeAndOneMayBeAway() {
    assertThat(nodesOf("kube-system", "kube-dns")).as("nodes of CoreDNS").hasSize(3);
    var budget =
        Lab.eventually(
            ThreeNodesIT::budgetOfNameServers,
            found -> found.at("/status/disruptionsAllowed").intValue(0) == 1);
    assertThat(budget.at("/status/expectedPods").intValue(0)).as("%s", budget).isEqualTo(3);
    assertThat(budget.at("/status/currentHealthy").intValue(0)).as("%s", budget).isEqualTo(3);
    assertThat(budget.at("/status/disruptionsAllowed").intValue(0)).as("%s", budget).isEqualTo(1);
  }

  private static JsonNode budgetOfNameServers() {
    var budgets =
        Lab.objects(
            "poddisruptionbudgets",
            "--namespace=kube-system",
            "--field-selector=metadata.name=coredns");
    assertThat(budgets).as("disruption budgets named coredns in kube-system").hasSize(1);
    return budgets.get(0);
  }

  /** As K3s does at each start: what its manifest does not say stays. */
  @Test
  void theNameServersOutlastThatTheirManifestIsAppliedAgain() {
    var before = nameServers();
    assertThat(before.at("/replicas").intValue(0)).isEqualTo(3);
    assertThat(before.at("/template/spec/affinity/podAntiAffinity").isObject()).isTrue();
    assertThat(nameService().at("/trafficDistribution").stringValue("")).isEqualTo(SAME_NODE);

    Lab.kubectl("apply", "--filename=/var/lib/rancher/k3s/server/manifests/coredns.yaml");

    assertThat(nameServers()).isEqualTo(before);
    assertThat(nameService().at("/trafficDistribution").stringValue("")).isEqualTo(SAME_NODE);
  }

  /** kube-proxy sends a pod where the hints say, while that is ready. */
  @Test
  void eachNodesQueriesAreForItsOwnNameServer() {
    var own = new TreeMap<String, String>();
    var hints = new TreeMap<String, String>();
    Lab.objects(
            "endpointslices",
            "--namespace=kube-system",
            "--selector=kubernetes.io/service-name=kube-dns")
        .forEach(
            slice ->
                slice
                    .get("endpoints")
                    .forEach(
                        endpoint -> {
                          var address = endpoint.at("/addresses/0").stringValue();
                          own.put(address, endpoint.at("/nodeName").stringValue());
                          hints.put(address, endpoint.at("/hints/forNodes/0/name").stringValue(""));
                        }));

    assertThat(own).hasSize(3);
    assertThat(hints).isEqualTo(own);
  }

  private static JsonNode nameService() {
    return Lab.objects(
            "services", "--namespace=kube-system", "--field-selector=metadata.name=kube-dns")
        .get(0)
        .get("spec");
  }

  private static JsonNode nameServers() {
    return Lab.objects(
            "deployments", "--namespace=kube-system", "--field-selector=metadata.name=coredns")
        .get(0)
        .get("spec");
  }

  private static TreeSet<String> nodesOf(String namespace, String name) {
    var nodes = new TreeSet<String>();
    for (var label : List.of("app.kubernetes.io/name", "k8s-app")) {
      Lab.objects("pods", "--namespace=" + namespace, "--selector=" + label + "=" + name)
          .forEach(pod -> nodes.add(pod.at("/spec/nodeName").stringValue()));
    }
    return nodes;
  }

  @Test
  void aPodBehindEveryServiceAnswersFromEveryNode() {
    var targets = new TreeMap<String, String>();
    for (var pod :
        Lab.objects(
            "pods", "--namespace=openfaas-fn", "--selector=app.kubernetes.io/name=intake")) {
      targets.put(pod.at("/spec/nodeName").stringValue(), pod.at("/status/podIP").stringValue());
    }
    assertThat(targets).hasSize(3);
    for (var edge : edges()) {
      for (var address : targets.values()) {
        assertThat(
                inNetwork(
                    edge,
                    "caddy",
                    "curl",
                    "-s",
                    "-m",
                    "5",
                    "-o",
                    "/dev/null",
                    "-w",
                    "%{http_code}",
                    "http://%s:8080/orders".formatted(address)))
            .as("from %s to %s", edge.at("/spec/nodeName"), address)
            .isNotEqualTo("000");
      }
    }
  }

  @Test
  void aPodOnAnotherNodeIsRefusedWhereNoPolicyAllowsIt() {
    var postgres = Database.primary();
    var here = postgres.at("/spec/nodeName").stringValue();
    var gateway =
        Lab.objects("pods", "--namespace=openfaas", "--selector=app.kubernetes.io/name=gateway")
            .stream()
            .filter(pod -> !pod.at("/spec/nodeName").stringValue().equals(here))
            .findFirst()
            .orElseThrow();

    assertThat(
            inNetwork(
                gateway,
                "gateway",
                "bash",
                "-c",
                "(exec 3<>/dev/tcp/%s/5432) 2>&1 | grep -o -m 1 'Connection refused$'"
                    .formatted(postgres.at("/status/podIP").stringValue())))
        .isEqualTo("Connection refused");
  }

  private static List<JsonNode> edges() {
    return Lab.objects("pods", "--namespace=edge", "--selector=app.kubernetes.io/name=edge");
  }

  /** What a command of the VPS prints in the network of a pod. */
  private static String inNetwork(JsonNode pod, String container, String... command) {
    return Pods.inNetwork(pod, container, command).output().strip();
  }

  @Test
  void everyStreamHasThreeReplicasThatAreUpToDate() {
    var streams =
        Lab.eventually(
            Duration.ofSeconds(60),
            () -> JetStream.ask().current(),
            found -> found.values().stream().allMatch(ThreeNodesIT::areCurrent));

    assertThat(streams)
        .containsKeys("orders")
        .allSatisfy(
            (name, replicas) ->
                assertThat(areCurrent(replicas)).as("%s: %s", name, replicas).isTrue());
  }

  private static boolean areCurrent(List<Boolean> followers) {
    return followers.equals(List.of(true, true));
  }

  @Test
  void anOrderBecomesARow() {
    var id = "three-" + UUID.randomUUID();

    assertThat(Lab.postOrder(id).status()).isEqualTo(202);
    assertThat(
            Lab.eventually(
                () -> Lab.sql("select order_id from orders where order_id = '" + id + "'"),
                List.of(id)::equals))
        .containsExactly(id);
  }

  @Test
  @Order(Integer.MAX_VALUE)
  void aSecondUpHasNothingToDo() throws IOException, AutomationException {
    try (var project = Lab.openProject()) {
      assertThat(Lab.changes(project.up())).isEmpty();
    }
  }
}
