package dev.nordfaas.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.pulumi.automation.AutomationException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A datacenter of three servers, as it is when nothing is broken. */
@ThreeVpses
@Order(1)
class ThreeNodesIT {
  private static final List<String> NODES = List.of("lab-1", "lab-2", "lab-3");

  @Test
  void allAreServersAndTheirEtcdHasThreeVoters() {
    assertThat(Lab.objects("nodes"))
        .extracting(node -> node.at("/metadata/name").stringValue())
        .containsExactlyInAnyOrderElementsOf(NODES);
    var members =
        new JsonMapper()
            .readTree(
                Lab.inVps("env", "ETCDCTL_API=3", "etcdctl", "member", "list", "--write-out=json"))
            .get("members");
    var voters = new TreeSet<String>();
    members.forEach(
        member -> {
          assertThat(member.path("isLearner").booleanValue(false)).isFalse();
          voters.add(member.get("name").stringValue().replaceFirst("-[^-]*$", ""));
        });
    assertThat(voters).containsExactlyElementsOf(NODES);
  }

  @Test
  void whatHasAReplicaForEachNodeIsOnEach() {
    assertThat(nodesOf("openfaas", "gateway")).containsExactlyElementsOf(NODES);
    assertThat(nodesOf("nats", "nats")).containsExactlyElementsOf(NODES);
    assertThat(nodesOf("openfaas-fn", "intake")).containsExactlyElementsOf(NODES);
    assertThat(nodesOf("openfaas-fn", "order-processor-worker")).hasSize(2);
  }

  /** While one is away, for whatever reason, none is evicted. */
  @Test
  void theNameServerRunsOnTwoNodesAndOneMayBeAway() {
    assertThat(nodesOf("kube-system", "kube-dns")).as("nodes of CoreDNS").hasSize(2);
    var budget =
        Lab.eventually(
            ThreeNodesIT::budgetOfNameServers,
            found -> found.at("/status/disruptionsAllowed").intValue(0) == 1);
    assertThat(budget.at("/status/expectedPods").intValue(0)).as("%s", budget).isEqualTo(2);
    assertThat(budget.at("/status/currentHealthy").intValue(0)).as("%s", budget).isEqualTo(2);
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
    assertThat(before.at("/replicas").intValue(0)).isEqualTo(2);
    assertThat(before.at("/template/spec/affinity/podAntiAffinity").isObject()).isTrue();

    Lab.kubectl("apply", "--filename=/var/lib/rancher/k3s/server/manifests/coredns.yaml");

    assertThat(nameServers()).isEqualTo(before);
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
                inPodsNetwork(
                    edge,
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
    var postgres = Lab.primary();
    var here = postgres.at("/spec/nodeName").stringValue();
    var gateway =
        Lab.objects("pods", "--namespace=openfaas", "--selector=app.kubernetes.io/name=gateway")
            .stream()
            .filter(pod -> !pod.at("/spec/nodeName").stringValue().equals(here))
            .findFirst()
            .orElseThrow();

    assertThat(
            inPodsNetwork(
                gateway,
                "bash",
                "-c",
                "(exec 3<>/dev/tcp/%s/5432) 2>&1 | grep -o -m 1 'Connection refused$'"
                    .formatted(postgres.at("/status/podIP").stringValue())))
        .isEqualTo("Connection refused");
  }

  private static List<JsonNode> edges() {
    return Lab.objects("pods", "--namespace=edge", "--selector=app.kubernetes.io/name=edge");
  }

  /** A command of the VPS in the network of a pod. */
  private static String inPodsNetwork(JsonNode pod, String... command) {
    var find =
        "for p in $(find /sys/fs/cgroup -path '*pod%s*' -name cgroup.procs -exec cat {} + 2>/dev/null | sort -u); do echo $p; break; done"
            .formatted(pod.at("/metadata/uid").stringValue());
    var node = pod.at("/spec/nodeName").stringValue();
    var process = Lab.inVpsOf(node, "sh", "-c", find).ok().strip();
    var inside =
        Stream.concat(
            Stream.of("nsenter", "--net", "--target=" + process, "--"), Stream.of(command));
    return Lab.inVpsOf(node, inside.toArray(String[]::new)).output().strip();
  }

  @Test
  void everyStreamHasThreeReplicasThatAreUpToDate() {
    var streams =
        Lab.eventually(
            Duration.ofSeconds(60),
            ThreeNodesIT::replicasOfStreams,
            found -> found.values().stream().allMatch(ThreeNodesIT::areCurrent));

    assertThat(streams)
        .containsKeys("orders")
        .allSatisfy(
            (name, replicas) ->
                assertThat(areCurrent(replicas)).as("%s: %s", name, replicas).isTrue());
  }

  static boolean areCurrent(List<Boolean> followers) {
    return followers.equals(List.of(true, true));
  }

  /** Whether each follower of a stream is up to date, from the monitoring of its leader. */
  static Map<String, List<Boolean>> replicasOfStreams() {
    var streams = new TreeMap<String, List<Boolean>>();
    for (var pod :
        Lab.objects("pods", "--namespace=nats", "--selector=app.kubernetes.io/name=nats")) {
      var text =
          inPodsNetwork(
              pod, "curl", "-s", "-m", "5", "http://127.0.0.1:8222/jsz?streams=true&config=true");
      if (!text.startsWith("{")) {
        continue;
      }
      for (var account : new JsonMapper().readTree(text).path("account_details")) {
        for (var stream : account.path("stream_detail")) {
          var cluster = stream.path("cluster");
          if (cluster
              .path("leader")
              .stringValue("")
              .equals(pod.at("/metadata/name").stringValue())) {
            var current = new ArrayList<Boolean>();
            cluster
                .path("replicas")
                .forEach(it -> current.add(it.path("current").booleanValue(false)));
            streams.put(stream.get("name").stringValue(), current);
          }
        }
      }
    }
    return streams;
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
