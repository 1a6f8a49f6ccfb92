package dev.nordfaas.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.template.NodeScript;
import dev.nordfaas.testing.Machine;
import dev.nordfaas.testing.NetworkNamespace;
import dev.nordfaas.testing.Node;
import dev.nordfaas.testing.Specs;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the kernel's own nftables, in a network namespace of its own. */
class FirewallScriptTest {
  private static final String RULES = Firewall.render(Specs.oslo());
  private static final String LOCKS_US_OUT = RULES.replace("198.51.100.0/24", "203.0.113.0/24");

  @TempDir Path folder;
  private NetworkNamespace network;
  private Node node;

  @BeforeEach
  void createNode() throws IOException, InterruptedException {
    Machine.needsRoot();
    Machine.needs("unshare", "nft");
    node = new Node(folder);
    network = NetworkNamespace.of(node);
  }

  @AfterEach
  void removeNode() {
    if (network != null) {
      network.close();
    }
  }

  @Test
  void keepsTheRulesOnceASecondConnectionComesThrough() {
    assertThat(load(RULES).stdout()).startsWith("loaded; back to the old rules in 120 s");
    assertThat(node.has(Firewall.PATH)).isFalse();

    assertThat(confirm(RULES).stdout()).isEqualTo("kept: a new connection came through\n");
    assertThat(node.read(Firewall.PATH)).isEqualTo(RULES);
    assertThat(loadedRules()).contains("198.51.100.0/24", "policy drop");
  }

  @Test
  void changesNothingTheSecondTime() {
    load(RULES);
    confirm(RULES);

    assertThat(load(RULES).stdout()).isEqualTo("unchanged\n");
    assertThat(confirm(RULES).stdout()).isEqualTo("unchanged\n");
  }

  @Test
  void leavesTheTablesOfOthersAlone() {
    node.run("nft add table ip kube-proxy", "");

    load(RULES);

    assertThat(loadedRules()).contains("table ip kube-proxy");
  }

  @Test
  void refusesRulesThatWouldLockOutTheConnectionItself() {
    load(RULES);
    confirm(RULES);

    var result = load(LOCKS_US_OUT);

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.stderr())
        .startsWith("The new firewall would lock out 198.51.100.7, where this comes from; add it");
    assertThat(loadedRules()).contains("198.51.100.0/24").doesNotContain("203.0.113.0/24");
    assertThat(node.read(Firewall.PATH)).isEqualTo(RULES);
  }

  @Test
  void goesBackToTheOldRulesIfNoSecondConnectionComes() throws InterruptedException {
    load(RULES);
    confirm(RULES);
    var narrower = RULES.replace("198.51.100.0/24", "198.51.100.0/28");

    var result =
        node.run(NodeScript.FIREWALL_LOAD.text().replace("timeout=120", "timeout=1"), narrower);

    assertThat(result.exitCode()).isZero();
    await(() -> loadedRules().contains("198.51.100.0/24"));
    assertThat(node.read(Firewall.PATH)).isEqualTo(RULES);
  }

  @Test
  void saysSoWhenTheSecondConnectionComesTooLate() throws InterruptedException {
    node.run(NodeScript.FIREWALL_LOAD.text().replace("timeout=120", "timeout=1"), RULES);
    await(() -> !loadedRules().contains("nordfaas"));

    var late = confirm(RULES);

    assertThat(late.exitCode()).isEqualTo(1);
    assertThat(late.stderr()).startsWith("No second SSH connection came through the new firewall");
    assertThat(confirm(RULES).stdout()).isEqualTo("kept: a new connection came through\n");
  }

  @Test
  void refusesRulesThatNftDoesNotUnderstand() {
    var result = load(RULES.replace("policy drop", "policy dorp"));

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.stderr()).contains("dorp").endsWith("nft rejects the rules\n");
    assertThat(loadedRules()).isEmpty();
  }

  private Node.Result load(String rules) {
    return node.run(NodeScript.FIREWALL_LOAD.text(), rules);
  }

  private Node.Result confirm(String rules) {
    return node.run(NodeScript.FIREWALL_CONFIRM.text(), rules);
  }

  private String loadedRules() {
    return node.run("nft list ruleset", "").stdout();
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    var end = Instant.now().plus(Duration.ofSeconds(20));
    while (!condition.getAsBoolean()) {
      assertThat(Instant.now()).as("waited too long").isBefore(end);
      Thread.sleep(50);
    }
  }
}
