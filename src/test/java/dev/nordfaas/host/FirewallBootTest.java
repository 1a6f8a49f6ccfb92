package dev.nordfaas.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.template.NodeScript;
import dev.nordfaas.testing.Machine;
import dev.nordfaas.testing.NetworkNamespace;
import dev.nordfaas.testing.Node;
import dev.nordfaas.testing.Specs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The firewall at boot, and beside Debian's own nftables.service, with the kernel's nftables. */
class FirewallBootTest {
  private static final String RULES = Firewall.render(Specs.oslo());
  private static final String UNITS = "/etc/systemd/system/";

  @TempDir Path folder;
  private NetworkNamespace network;
  private Node node;

  @BeforeEach
  void createNode() throws IOException, InterruptedException {
    Machine.needsRoot();
    Machine.needs("unshare", "nft");
    node = new Node(folder.resolve("node"));
    network = NetworkNamespace.of(node);
    for (var file : HostFiles.of(Specs.oslo())) {
      var isScript = file.path().startsWith("/etc/nordfaas/");
      node.file(file.path(), isScript ? onNode(file.content()) : file.content());
    }
  }

  private String onNode(String script) {
    return script.replace("/etc/", folder.resolve("node/etc") + "/");
  }

  @AfterEach
  void removeNode() {
    if (network != null) {
      network.close();
    }
  }

  private Node.Result run(String command) {
    return node.run(command, "");
  }

  private Node.Result boot() {
    return run(unit("nordfaas-firewall.service").one("ExecStart"));
  }

  private String loaded() {
    return run("nft list ruleset").stdout();
  }

  /** Whether what K3s' unit does before it starts succeeds. */
  private boolean isK3sStarted() {
    var k3s = unit("k3s.service").one("ExecStartPre");
    assertThat(unit("k3s-agent.service").one("ExecStartPre")).isEqualTo(k3s);
    return run(k3s).exitCode() == 0;
  }

  @Test
  void loadsItsRules() {
    node.file(Firewall.PATH, RULES);

    assertThat(boot()).isEqualTo(new Node.Result(0, "", ""));
    assertThat(loaded()).contains("chain prerouting", "policy drop").doesNotContain("closed");
    assertThat(isK3sStarted()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "table inet nordfaas {", "flush ruleset\n", "nonsense\n"})
  void isClosedToAllButSshIfItsRulesAreBroken(String rules) {
    node.file(Firewall.PATH, rules);

    var result = boot();

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.stderr())
        .contains("/etc/nordfaas/firewall.nft cannot be loaded\n")
        .endsWith("only SSH is let in\n");
    assertThat(loaded())
        .contains("chain closed", "policy drop", "ip saddr 198.51.100.0/24 tcp dport 22 accept");
    assertThat(isK3sStarted()).isFalse();
  }

  @Test
  void isClosedIfItsRulesAreGone() {
    assertThat(boot().exitCode()).isEqualTo(1);
    assertThat(loaded()).contains("chain closed", "policy drop");
  }

  @Test
  void doesNotLetK3sStartIfNftDoesNotWork() {
    node.file(Firewall.PATH, RULES).program("nft", "exit 1");

    assertThat(boot().exitCode()).isEqualTo(1);
    assertThat(isK3sStarted()).isFalse();
  }

  @Test
  void keepsTheRulesThatAreLoadedIfTheNewOnesAreBroken() {
    node.file(Firewall.PATH, RULES);
    boot();
    var before = loaded();
    node.file(Firewall.PATH, "nonsense\n");

    var result = run(unit("nordfaas-firewall.service").one("ExecReload"));

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.stderr()).endsWith("the rules that were loaded before stay\n");
    assertThat(loaded()).isEqualTo(before);
    assertThat(isK3sStarted()).isTrue();
  }

  @Test
  void upOpensAHostThatClosedItself() {
    boot();

    node.run(NodeScript.FIREWALL_LOAD.text(), RULES);
    node.run(NodeScript.FIREWALL_CONFIRM.text(), RULES);

    assertThat(loaded()).contains("chain prerouting").doesNotContain("closed");
    assertThat(boot().exitCode()).isZero();
  }

  @Test
  void upLeavesAHostClosedIfItWouldLockUsOut() {
    node.file(Firewall.PATH, "nonsense\n");
    boot();
    var before = loaded();

    var result =
        node.run(
            NodeScript.FIREWALL_LOAD.text(), RULES.replace("198.51.100.0/24", "203.0.113.0/24"));

    assertThat(result.stderr()).endsWith("The old firewall is back.\n");
    assertThat(loaded()).isEqualTo(before);
  }

  @Test
  void isThereBeforeTheNetwork() {
    var unit = unit("nordfaas-firewall.service");

    assertThat(unit.all("Before")).contains("network-pre.target shutdown.target");
    assertThat(unit.one("WantedBy")).isEqualTo("sysinit.target");
    assertThat(unit.all("ExecStop")).isEmpty();
    assertThat(unit("k3s.service").one("After")).isEqualTo("nordfaas-firewall.service");
  }

  @Test
  void hasUnitsThatSystemdUnderstands() throws IOException, InterruptedException {
    Machine.needs("systemd-analyze");
    for (var service : List.of("k3s.service", "k3s-agent.service")) {
      node.file(UNITS + service, "[Service]\nExecStart=/bin/true\n");
    }
    var builder =
        new ProcessBuilder(
                "systemd-analyze",
                "--man=no",
                "verify",
                "nordfaas-firewall.service",
                "nftables.service",
                "k3s.service",
                "k3s-agent.service")
            .redirectErrorStream(true);
    builder.environment().put("SYSTEMD_UNIT_PATH", folder.resolve("node" + UNITS) + ":");

    var process = builder.start();

    assertThat(new String(process.getInputStream().readAllBytes())).isEmpty();
    assertThat(process.waitFor()).isZero();
  }

  /** What Debian's unit does with our drop-in. */
  @Nested
  class BesideNftables {
    private String before;

    @BeforeEach
    void loadTables() throws IOException {
      var debian = Path.of("/lib/systemd/system/nftables.service");
      assertThat(debian).as("of the package nftables").exists();
      node.file(UNITS + "nftables.service", Files.readString(debian));
      node.file(
          "/etc/nftables.conf",
          "#!/usr/sbin/nft -f\n\nflush ruleset\n\ntable inet filter {\n\tchain input {\n"
              + "\t\ttype filter hook input priority filter;\n\t\ttcp dport 1 drop\n\t}\n}\n");
      node.file(Firewall.PATH, RULES);
      boot();
      run("nft add table ip kube-proxy");
      before = loaded();
      all("ExecStart");
      assertThat(loaded()).contains("table inet filter", "tcp dport 1 drop");
    }

    private void all(String key) {
      for (var command : unit("nftables.service").all(key)) {
        assertThat(run(command)).isEqualTo(new Node.Result(0, "", ""));
      }
    }

    private void assertThatOursIsAsBefore() {
      assertThat(loaded()).startsWith(before);
    }

    @Test
    void aRestartLeavesOurTableAndThoseOfK3s() {
      all("ExecStop");
      assertThatOursIsAsBefore();
      all("ExecStart");
      assertThatOursIsAsBefore();
    }

    @Test
    void aReloadReplacesItsOwnTables() {
      node.file("/etc/nftables.conf", "flush ruleset\ntable inet filter {\n}\ntable new {\n}\n");

      all("ExecReload");

      assertThatOursIsAsBefore();
      assertThat(loaded()).contains("table ip new").doesNotContain("tcp dport 1 drop");
    }

    @Test
    void brokenTablesOfItsOwnChangeNothing() {
      var all = loaded();
      node.file("/etc/nftables.conf", "flush ruleset\ntable inet filter {\n nonsense\n}\n");

      assertThat(run(unit("nftables.service").one("ExecStart")).exitCode()).isEqualTo(1);
      assertThat(loaded()).isEqualTo(all);
    }
  }

  /** A unit and its drop-ins as systemd reads them: an empty value forgets those before it. */
  private Unit unit(String name) {
    var values = new TreeMap<String, List<String>>();
    for (var path : List.of(UNITS + name, UNITS + name + ".d")) {
      try (var files = Files.walk(folder.resolve("node" + path), 1)) {
        for (var file : files.filter(Files::isRegularFile).sorted().toList()) {
          Files.readAllLines(file).stream()
              .filter(line -> line.matches("[A-Za-z]+=.*"))
              .forEach(line -> add(values, line.split("=", 2)));
        }
      } catch (NoSuchFileException e) {
        continue;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return new Unit(values);
  }

  private static void add(Map<String, List<String>> values, String[] entry) {
    var list = values.computeIfAbsent(entry[0], key -> new ArrayList<>());
    if (entry[1].isEmpty()) {
      list.clear();
    } else {
      list.add(entry[1]);
    }
  }

  private record Unit(Map<String, List<String>> values) {
    List<String> all(String key) {
      return values.getOrDefault(key, List.of());
    }

    String one(String key) {
      assertThat(all(key)).as(key).hasSize(1);
      return all(key).get(0);
    }
  }
}
