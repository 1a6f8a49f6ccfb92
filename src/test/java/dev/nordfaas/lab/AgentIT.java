package dev.nordfaas.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.engine.EngineProject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A fourth, small VPS becomes an agent of three servers, and is taken out again as the runbook says
 * ("Remove nodes"); also while the first server is off ("A node is away").
 */
@ThreeVpses
@Tag("lab3-faults")
@Order(8)
class AgentIT {
  private static final String AGENT = "lab-4";
  private static final String FIRST = "lab-1";
  private static final List<String> SERVERS = List.of(FIRST, "lab-2", "lab-3");

  /** As in the stack config, except for the host key, which the VPS brings with it. */
  private static final String NODE =
      """
          lab-4:
            role: agent
            address: 10.77.0.5
            privateAddress: 10.78.0.5
            hostKey: HOST_KEY
            vcpu: 1
            memory: 1500Mi
            disk: 20G
            monthlyPriceNok: 0
      """;

  /** The API's virtual address is at another server within five seconds; the rest is the lab's. */
  private static final Duration UNTIL_ANSWERED = Duration.ofMinutes(1);

  private static final Duration UNTIL_READY = Duration.ofMinutes(3);

  @TempDir private Path folder;
  private Path machines;
  private EngineProject project;

  @BeforeEach
  void deliverAMachine() throws Exception {
    project = Lab.openProject();
    machines =
        Files.writeString(
            folder.resolve("Pulumi.lab3.yaml"),
            withTheAgent(Files.readString(Lab.committedConfig())));
    ofMachines("lab/power", "replace", AGENT).ok();
    var node = NODE.replace("HOST_KEY", Lab.hostKey(AGENT));
    project.editConfig(config -> withTheAgent(config).replace(NODE, node));
  }

  private static String withTheAgent(String config) {
    var next = "  nordfaas:k3s:\n";
    assertThat(config.split(next, -1)).as("config with its nodes before k3s").hasSize(2);
    return config.replace(next, NODE + next);
  }

  @AfterEach
  void putTheLabBack() throws Exception {
    Lab.run("lab/power", "on", FIRST).ok();
    Lab.eventually(UNTIL_READY, () -> readyNodes().containsAll(SERVERS), ready -> ready);
    project.close();
    Lab.applyOriginal();
    ofMachines("lab/power", "scrap", AGENT).ok();
  }

  /** A command of the lab that knows the fourth VPS. */
  private Lab.Result ofMachines(String... command) {
    return Lab.run(
        Stream.concat(
                Stream.of("env", "LAB_CONFIG=" + machines, "LAB_NODE=" + AGENT), Stream.of(command))
            .toArray(String[]::new));
  }

  @Test
  void joinsRunsPodsAndLeaves() throws Exception {
    var changed = Lab.changes(project.up());

    assertThat(changed)
        .contains("lab3-lab-4-token", "lab3-lab-4-install", "lab3-lab-4-member")
        .as("servers restart for nobody")
        .doesNotContain("lab3-lab-1-install", "lab3-lab-2-install", "lab3-lab-3-install");
    assertThat(readyNodes()).containsExactly(FIRST, "lab-2", "lab-3", AGENT);
    assertThat(node(AGENT).at("/metadata/labels").toString()).doesNotContain("control-plane");
    assertThat(Etcd.members()).as("members of etcd").hasSize(3);
    assertThat(ofMachines("lab/shell", "cat", "/etc/rancher/k3s/token").ok())
        .as("the agents' token, and not the servers'")
        .matches("(?s)K10[0-9a-f]{64}::node:.*");
    assertThat(ofMachines("lab/shell", "test", "-e", "/var/lib/rancher/k3s/server").exitCode())
        .as("what only servers may have")
        .isEqualTo(1);
    try (var client = SqlClient.ofAFunction("order-status", AGENT)) {
      assertThat(client.query("select 1").ok().strip()).isEqualTo("1");
      assertThat(podsOn(AGENT)).anyMatch(pod -> pod.startsWith("sql-"));
    }
    assertThat(Lab.changes(project.up())).isEmpty();

    project.removeNode(AGENT);
    project.up();

    assertThat(readyNodes()).containsExactlyElementsOf(SERVERS);
    assertThat(ofMachines("lab/shell", "systemctl", "is-enabled", "k3s-agent").output().strip())
        .isEqualTo("disabled");
    assertThat(Lab.changes(project.up())).isEmpty();
  }

  @Test
  void joinsAndLeavesWhileTheFirstServerIsOff() throws Exception {
    Lab.run("lab/power", "off", FIRST).ok();
    Lab.eventually(UNTIL_ANSWERED, AgentIT::theApiAnswers, answers -> answers);
    project.set("nodes.lab-1.away", "true");
    project.set("nodes.lab-4.labels.rack", "b");

    project.up();

    assertThat(readyNodes()).containsExactly("lab-2", "lab-3", AGENT);
    assertThat(node(AGENT).at("/metadata/labels/rack").stringValue()).isEqualTo("b");

    project.set("nodes.lab-4.labels.rack", "c");
    project.up();

    assertThat(node(AGENT).at("/metadata/labels/rack").stringValue()).isEqualTo("c");

    project.removeNode(AGENT);
    project.up();

    assertThat(Lab.objects("nodes"))
        .extracting(node -> node.at("/metadata/name").stringValue())
        .containsExactlyInAnyOrderElementsOf(SERVERS);

    Lab.run("lab/power", "on", FIRST).ok();
    assertThat(Lab.eventually(UNTIL_READY, AgentIT::readyNodes, SERVERS::equals))
        .isEqualTo(SERVERS);
    project.set("nodes.lab-1.away", "false");
    project.up();

    assertThat(Lab.changes(project.up())).isEmpty();
    assertThat(Lab.inVpsOf(FIRST, "nft", "list", "ruleset").ok()).doesNotContain("10.78.0.5");
  }

  /** Anybody may ask it who it is, as on K3s. */
  private static boolean theApiAnswers() {
    return Lab.run(
            "curl",
            "--silent",
            "--insecure",
            "--fail",
            "--max-time",
            "3",
            "https://10.77.0.9:6443/cacerts")
        .output()
        .startsWith("-----BEGIN CERTIFICATE-----");
  }

  private static List<String> readyNodes() {
    return Lab.objects("nodes").stream().filter(Pods::isReady).map(Pods::name).sorted().toList();
  }

  private static JsonNode node(String name) {
    return new JsonMapper().readTree(Lab.kubectl("get", "node", name, "--output=json"));
  }

  private static List<String> podsOn(String node) {
    return Lab.objects("pods", "--all-namespaces", "--field-selector=spec.nodeName=" + node)
        .stream()
        .map(pod -> pod.at("/metadata/name").stringValue())
        .toList();
  }
}
