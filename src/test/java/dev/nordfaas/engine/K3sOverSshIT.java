package dev.nordfaas.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pulumi.automation.ConfigValue;
import com.pulumi.automation.OperationType;
import com.pulumi.automation.events.StepEventMetadata;
import dev.nordfaas.config.NodeConfig.Role;
import dev.nordfaas.testing.Fixtures;
import dev.nordfaas.testing.Machine;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * K3s on the five nodes of stack bergen, each behind an OpenSSH server of its own, brought up by
 * the real engine and Command plug-in. The scripts are those of production; {@code k3s} is the
 * stand-in of all tests.
 */
class K3sOverSshIT {
  private static final String RELEASE = "v1.34.4+k3s1";
  private static final String NEXT = "v1.35.1+k3s1";
  private static final List<String> NODES =
      List.of("bergen-1", "bergen-2", "bergen-3", "bergen-4", "bergen-5");

  /** The hosts and K3s on them, without what runs on the cluster. */
  private static final String[] HOSTS = {
    "urn:pulumi:bergen::nordfaas::nordfaas:index:TunedHost**",
    "urn:pulumi:bergen::nordfaas::nordfaas:index:K3sCluster::**",
    "urn:pulumi:bergen::nordfaas::nordfaas:index:K3sCluster$command:**"
  };

  private K3sHosts hosts;
  private EngineProject project;

  @BeforeEach
  void openProject() throws Exception {
    Machine.needsRoot();
    Machine.needs("unshare", "sshd", "ssh-keygen");
    hosts = new K3sHosts(Fixtures.bergen().nodes());
    hosts.release(RELEASE);
    hosts.release(NEXT);
    project = EngineProject.of("bergen", hosts.config(Fixtures.text("bergen")));
    project
        .stack()
        .setConfig("nordfaas:ssh.privateKey", new ConfigValue(hosts.userPrivateKey(), true), true);
  }

  @AfterEach
  void closeProject() throws Exception {
    project.close();
    hosts.close();
  }

  private void upgrade() throws Exception {
    project.editConfig("version: " + RELEASE, "version: " + NEXT);
  }

  /** What changed K3s on the nodes, in the order in which it was done. */
  private List<String> done() throws Exception {
    return hosts.takeLog().stream()
        .map(line -> line.replaceAll("k3s kubectl --kubeconfig \\S+ (--request-timeout 10s )?", ""))
        .filter(
            line ->
                line.matches(
                    ".* (download .* k3s|systemctl (start|disable).*|(un)?cordon .*|drain .*|delete"
                        + " .*)"))
        .map(line -> line.replaceAll(" (--no-block|--quiet|--now|--ignore.*)|[.]service", ""))
        .toList();
  }

  @Test
  void nodesStartOneAfterTheOtherAndOnlyOnce() throws Exception {
    project.up(HOSTS);

    assertThat(done())
        .containsExactlyElementsOf(
            NODES.stream()
                .flatMap(
                    node ->
                        Stream.of(
                            "%s download %s k3s".formatted(node, RELEASE),
                            "%s systemctl start %s".formatted(node, service(node))))
                .toList());

    project.up(HOSTS);

    assertThat(hosts.takeLog()).isEmpty();
  }

  @Test
  void aVersionIsFiveUpdatesInTheirOrderAndNoReplacement() throws Exception {
    project.up(HOSTS);
    hosts.takeLog();
    upgrade();

    var preview = EngineProject.changes(project.preview(HOSTS));

    assertThat(preview).extracting(StepEventMetadata::op).containsOnly(OperationType.UPDATE);
    assertThat(preview)
        .extracting(step -> step.urn().replaceAll(".*::", ""))
        .containsExactly(
            "bergen-bergen-1-install",
            "bergen-bergen-2-install",
            "bergen-bergen-3-install",
            "bergen-bergen-4-install",
            "bergen-bergen-5-install");
    assertThat(preview)
        .allSatisfy(step -> assertThat(step.detailedDiff()).containsOnlyKeys("stdin"));

    project.up(HOSTS);

    assertThat(done())
        .containsExactlyElementsOf(
            NODES.stream()
                .flatMap(
                    node ->
                        Stream.of(
                            "%s download %s k3s".formatted(node, NEXT),
                            "%s cordon %s".formatted(node, node),
                            "%s systemctl start %s".formatted(node, service(node)),
                            "%s uncordon %s".formatted(node, node)))
                .toList());
    assertThat(hosts.nodes()).containsExactlyElementsOf(onAll(NEXT));
    assertThat(binaries()).containsOnly(NEXT);
    assertThat(NODES).noneMatch(hosts::isCordoned);
  }

  @Test
  void anAgentAloneDoesNotGoAheadOfItsServers() throws Exception {
    project.up(HOSTS);
    hosts.takeLog();
    upgrade();

    assertThatThrownBy(() -> project.up("**bergen-bergen-5-install"))
        .hasMessageContaining(
            "K3s %s on the agent bergen-5 would be newer than the servers' %s"
                .formatted(NEXT, RELEASE));

    assertThat(done()).isEmpty();
    assertThat(hosts.nodes()).containsExactlyElementsOf(onAll(RELEASE));
  }

  @Test
  void certificatesOfAllNodesAreRotatedOneAfterTheOther() throws Exception {
    project.up(HOSTS);
    hosts.takeLog();
    project.editConfig(
        "version: " + RELEASE,
        "version: %s\n    rotation: {certificates: \"2026-11-25\"}".formatted(RELEASE));

    project.up(HOSTS);

    assertThat(hosts.takeLog())
        .filteredOn(line -> line.endsWith(" certificate rotate"))
        .containsExactlyElementsOf(
            NODES.stream().map(node -> node + " k3s certificate rotate").toList());
    assertThat(NODES).noneMatch(hosts::isCordoned);
  }

  @Test
  void anUpgradeThatFailsStopsThereAndGoesOnFromThere() throws Exception {
    project.up(HOSTS);
    upgrade();
    hosts.setBroken("bergen-2", true);
    hosts.takeLog();

    assertThatThrownBy(() -> project.up(HOSTS))
        .hasMessageContaining("node bergen-2 is not ready with K3s " + NEXT);

    assertThat(done())
        .contains("bergen-2 cordon bergen-2")
        .doesNotContain("bergen-2 uncordon bergen-2")
        .noneMatch(line -> line.startsWith("bergen-3"));
    assertThat(NODES.stream().filter(hosts::isCordoned)).containsExactly("bergen-2");
    assertThat(binaries()).containsExactly(NEXT, NEXT, RELEASE, RELEASE, RELEASE);
    assertThat(hosts.nodes())
        .containsExactly(
            "bergen-1 " + NEXT,
            "bergen-2 " + NEXT,
            "bergen-3 " + RELEASE,
            "bergen-4 " + RELEASE,
            "bergen-5 " + RELEASE);
    hosts.setBroken("bergen-2", false);

    project.up(HOSTS);

    assertThat(done())
        .noneMatch(line -> line.startsWith("bergen-1"))
        .contains("bergen-2 uncordon bergen-2", "bergen-5 uncordon bergen-5");
    assertThat(hosts.nodes()).containsExactlyElementsOf(onAll(NEXT));
  }

  @Test
  void anAgentThatLeavesIsDrainedByAServerAndStopped() throws Exception {
    project.up(HOSTS);
    hosts.takeLog();
    project.removeNode("bergen-5");

    project.up(HOSTS);

    assertThat(done())
        .containsExactly(
            "bergen-1 drain bergen-5",
            "bergen-1 delete node bergen-5",
            "bergen-1 --namespace kube-system delete secret bergen-5.node-password.k3s",
            "bergen-5 systemctl disable k3s-agent");
    assertThat(hosts.nodes()).noneMatch(node -> node.startsWith("bergen-5"));
  }

  /** Off, for whoever asks it over SSH; the cluster goes on without it. */
  @Test
  void whileTheFirstServerIsAwayTheSecondOneDoesItsWork() throws Exception {
    project.up(HOSTS);
    hosts.switchOff("bergen-1");
    project.set("nodes.bergen-1.away", "true");

    project.up(HOSTS);
    hosts.takeLog();
    project.set("nodes.bergen-4.labels.rack", "b4");
    project.removeNode("bergen-5");
    project.up(HOSTS);

    assertThat(done())
        .containsExactly(
            "bergen-4 cordon bergen-4",
            "bergen-4 systemctl start k3s-agent",
            "bergen-4 uncordon bergen-4",
            "bergen-2 drain bergen-5",
            "bergen-2 delete node bergen-5",
            "bergen-2 --namespace kube-system delete secret bergen-5.node-password.k3s",
            "bergen-5 systemctl disable k3s-agent");
    assertThat(hosts.keptLabels("bergen-4")).isEqualTo("rack");

    hosts.switchOn("bergen-1");
    project.set("nodes.bergen-1.away", "false");
    project.up(HOSTS);

    assertThat(hosts.takeLog()).anyMatch(line -> line.startsWith("bergen-1 k3s kubectl"));
    project.up(HOSTS);
    assertThat(hosts.takeLog()).isEmpty();
  }

  @Test
  void aServerThatDoesNotAnswerIsNamedWithWhatToDo() throws Exception {
    project.up(HOSTS);
    project.set("ssh.dialErrorLimit", "1");
    hosts.switchOff("bergen-1");
    project.set("k3s.rotation.token", "2026-11-25");

    assertThatThrownBy(() -> project.up(HOSTS))
        .hasMessageContaining(
            "no answer at port %d of bergen-1: whatever up has to do there will fail. If a node is switched off or lost, set nodes.NAME.away; see 'A node is away' in docs/runbook.md"
                .formatted(hosts.port()));

    project.set("nodes.bergen-1.away", "true");

    assertThatThrownBy(() -> project.up(HOSTS))
        .hasMessageContaining(
            "bergen-2 keeps its token: the tokens are to be rotated, and bergen-1 would not learn the new ones");
  }

  /** Of the runbook: its disk is fresh, and so is its host key, which is put into the config. */
  @ParameterizedTest
  @ValueSource(strings = {"bergen-2", "bergen-5"})
  void anotherMachineUnderANodesNameBecomesWhatTheLostOneWas(String node) throws Exception {
    project.up(HOSTS);
    replace(node);

    var changes = EngineProject.changes(project.up(HOSTS));

    assertThat(changes).extracting(StepEventMetadata::op).containsOnly(OperationType.UPDATE);
    assertThat(changes)
        .extracting(step -> step.urn().replaceAll(".*::", ""))
        .contains(
            node + "-facts",
            node + "-files",
            "bergen-%s-token".formatted(node),
            "bergen-%s-install".formatted(node),
            "bergen-%s-member".formatted(node))
        .allMatch(name -> name.matches("(bergen-)?%s-[a-z-]+".formatted(node)));
    var log = hosts.takeLog();
    assertThat(log)
        .filteredOn(line -> !line.startsWith(node + " "))
        .isNotEmpty()
        .allMatch(line -> line.startsWith("bergen-1 k3s kubectl") && line.contains(node))
        .noneMatch(line -> line.matches(".* (drain|delete) .*"));
    assertThat(log)
        .contains("%s systemctl start --no-block %s.service".formatted(node, service(node)));
    assertThat(hosts.nodes()).containsExactlyElementsOf(onAll(RELEASE));
    assertThat(EngineProject.changes(project.up(HOSTS))).isEmpty();
  }

  /** Another machine comes, and its host key into the config. */
  private void replace(String node) throws Exception {
    var before = hosts.hostKey(node);
    hosts.replace(node);
    hosts.takeLog();
    project.editConfig(before, hosts.hostKey(node));
  }

  @Test
  void nodesWithoutAWayOutAreInstalledFromWhatIsCopiedToThem() throws Exception {
    var binary = hosts.release(RELEASE);
    var images = Files.writeString(binary.resolveSibling("images.tar.zst"), "images");
    var sum =
        HexFormat.of()
            .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(binary)));
    project.editConfig(
        "version: " + RELEASE,
        "version: %s\n    sha256: {amd64: \"%s\"}\n    airGap: {binary: %s, images: %s}"
            .formatted(RELEASE, sum, binary, images));

    project.up(HOSTS);

    assertThat(done())
        .containsExactlyElementsOf(
            NODES.stream()
                .map(node -> "%s systemctl start %s".formatted(node, service(node)))
                .toList());
    assertThat(NODES)
        .allSatisfy(
            node ->
                assertThat(
                        hosts.file(
                            node, "/var/lib/rancher/k3s/agent/images/nordfaas-k3s-images.tar.zst"))
                    .hasContent("images"));

    replace("bergen-3");
    project.up(HOSTS);

    assertThat(done()).containsExactly("bergen-3 systemctl start k3s");
    assertThat(hosts.nodes()).containsExactlyElementsOf(onAll(RELEASE));
  }

  @Test
  void theTokensAreInTheirFilesAloneAndNowhereToBeSeen() throws Exception {
    var output = new StringBuilder();

    project.up(output, HOSTS);

    var token = Files.readString(hosts.file("bergen-1", "/etc/rancher/k3s/token"));
    var ofAgents = Files.readString(hosts.file("bergen-1", "/etc/rancher/k3s/agent-token"));
    assertThat(token).hasSize(32).isNotEqualTo(ofAgents);
    assertThat(ofAgents).hasSize(32);
    var full = Files.readString(hosts.file("bergen-1", "/var/lib/rancher/k3s/server/token"));
    var hash = full.substring("K10".length(), full.indexOf("::"));
    assertThat(hash).matches("[0-9a-f]{64}");
    assertThat(hosts.file("bergen-2", "/etc/rancher/k3s/token"))
        .hasContent("K10%s::server:%s".formatted(hash, token));
    assertThat(hosts.file("bergen-4", "/etc/rancher/k3s/token"))
        .hasContent("K10%s::node:%s".formatted(hash, ofAgents));
    assertThat(hosts.file("bergen-4", "/etc/rancher/k3s/agent-token")).doesNotExist();
    assertThat(hosts.processes()).contains("k3s").doesNotContain(token, ofAgents);
    assertThat(String.join("\n", hosts.takeLog())).doesNotContain(token, ofAgents);
    assertThat(output.toString()).doesNotContain(token, ofAgents);
    assertThat(project.state()).doesNotContain(token, ofAgents);
    for (var node : NODES) {
      for (var readable : hosts.readableForOthers(node)) {
        assertThat(new String(Files.readAllBytes(readable), StandardCharsets.ISO_8859_1))
            .as(readable.toString())
            .doesNotContain(token, ofAgents);
      }
    }
  }

  private List<String> binaries() throws Exception {
    var binaries = new ArrayList<String>();
    for (var node : NODES) {
      binaries.add(hosts.binary(node));
    }
    return binaries;
  }

  private static String service(String node) {
    return Fixtures.bergen().nodes().get(node).role() == Role.SERVER ? "k3s" : "k3s-agent";
  }

  private static List<String> onAll(String release) {
    return NODES.stream().map(node -> node + " " + release).toList();
  }
}
