package dev.nordfaas.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.Cidr;
import dev.nordfaas.config.HostConfig;
import dev.nordfaas.testing.Fixtures;
import dev.nordfaas.testing.Machine;
import dev.nordfaas.testing.Specs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** With real packets between network namespaces. */
class FirewallPacketsTest {
  private static final Path RESOURCES = Path.of("src/test/resources/host");
  private static final HostSpec BERGEN = Specs.of(Fixtures.bergen(), "bergen-1");

  @BeforeEach
  void needNamespaces() {
    Machine.needsRoot();
    Machine.needs("unshare", "nft", "ip", "python3");
  }

  @Test
  void letsInOnlyWhatIsNamed() throws IOException {
    var output = onANode("firewall-packets.sh", Firewall.render(BERGEN));

    assertThat(output)
        .isEqualTo(
            """
            outside 198.51.100.7 -> 198.51.100.1:22 open
            outside 198.51.101.9 -> 198.51.100.1:22 closed
            outside 198.51.100.7 -> 198.51.100.1:6443 open
            outside 198.51.101.9 -> 198.51.100.1:6443 closed
            outside 198.51.101.9 -> 198.51.100.1:443 open
            outside 198.51.101.9 -> 198.51.100.1:80 open
            outside 198.51.101.9 -> 198.51.100.1:30080 closed
            outside 198.51.100.7 -> 198.51.100.1:10250 closed
            outside 198.51.100.7 -> 198.51.100.1:9999 closed
            outside 198.51.100.7 -> 10.42.0.5:8080 closed
            outside 10.42.0.99 -> 198.51.100.1:10250 closed
            outside 10.42.200.9 -> 198.51.100.1:22 closed
            outside 10.42.200.9 -> 198.51.100.1:10250 closed
            outside 10.42.200.9 -> 198.51.100.1:30080 closed
            outside 10.42.200.9 -> 10.42.0.5:8080 closed
            outside 10.43.7.7 -> 198.51.100.1:22 closed
            outside 10.43.7.7 -> 198.51.100.1:2379 closed
            outside 10.43.7.7 -> 198.51.100.1:6443 closed
            outside 10.43.7.7 -> 198.51.100.1:10250 closed
            outside 10.43.7.7 -> 198.51.100.1:30080 closed
            peer 10.20.0.12 -> 10.20.0.11:10250 open
            peer 10.20.0.12 -> 10.20.0.11:2379 open
            peer 10.20.0.12 -> 10.20.0.11:6443 open
            peer 10.20.0.12 -> 10.20.0.11:9999 closed
            pod 10.42.0.5 -> 10.42.0.1:10250 open
            pod 10.42.0.5 -> 10.43.0.1:443 open
            pod 10.42.0.5 -> 198.51.100.7:9000 open
            """);
  }

  @Test
  void isNotDeceivedByForgedPackets() throws IOException {
    assertThat(attack("firewall-attacks.txt", Firewall.render(withIpVersion6(BERGEN))))
        .isEqualTo(Files.readString(RESOURCES.resolve("firewall-attacks.txt")));
  }

  @Test
  void letsNothingInButSshIfItsRulesAreBroken() throws IOException {
    assertThat(attack("firewall-closed.txt", FirewallTest.closed(withIpVersion6(BERGEN))))
        .isEqualTo(Files.readString(RESOURCES.resolve("firewall-closed.txt")));
  }

  /** Adds the addresses of IPv6 that the packets have. */
  private static HostSpec withIpVersion6(HostSpec spec) {
    var host = spec.host();
    var peers = new ArrayList<>(spec.peers());
    peers.add("fd20::12");
    return new HostSpec(
        spec.nodeName(),
        spec.node(),
        new HostConfig(
            host.authorizedKeys(),
            new HostConfig.FirewallConfig(
                plus(host.firewall().sshCidrs(), "2001:db8:100::/64"),
                plus(host.firewall().apiCidrs(), "2001:db8:100::/64")),
            host.sysctlProfile(),
            host.sysctls(),
            host.timezone(),
            host.ntpServers(),
            host.journalMaxUse(),
            host.dataVolumeLabel(),
            host.packages(),
            host.files()),
        spec.ssh(),
        spec.listenedPorts(),
        new PodNetwork(
            plus(spec.podNetwork().pods(), "fd42::/48"),
            plus(spec.podNetwork().services(), "fd43::/112"),
            spec.podNetwork().interfaces()),
        peers,
        spec.podNetworkPort(),
        spec.edgeProxies(),
        spec.virtualRouters());
  }

  private static List<Cidr> plus(List<Cidr> networks, String network) {
    return Stream.concat(networks.stream(), Stream.of(Cidr.parse(network))).toList();
  }

  private static String attack(String packets, String rules) throws IOException {
    return onANode("firewall-attacks.sh", rules, RESOURCES.resolve(packets).toString());
  }

  private static String onANode(String script, String rules, String... arguments)
      throws IOException {
    var command =
        new ArrayList<>(
            List.of(
                "unshare",
                "--net",
                "--mount",
                "--propagation=private",
                "sh",
                RESOURCES.resolve(script).toString()));
    command.addAll(Arrays.asList(arguments));
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (var input = process.getOutputStream()) {
      input.write(rules.getBytes(StandardCharsets.UTF_8));
    }
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }
}
