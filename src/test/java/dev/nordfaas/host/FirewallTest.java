package dev.nordfaas.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nordfaas.config.check.PatchedConfig;
import dev.nordfaas.plan.Plan;
import dev.nordfaas.template.Template;
import dev.nordfaas.testing.Fixtures;
import dev.nordfaas.testing.Golden;
import dev.nordfaas.testing.Machine;
import dev.nordfaas.testing.Specs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FirewallTest {
  @TempDir Path folder;

  @Test
  void letsNobodyElseInOnOneNode() {
    Golden.assertMatches("host/oslo-1/firewall.nft", Firewall.render(Specs.oslo()));
  }

  @Test
  void letsTheOtherNodesInByTheirPrivateAddresses() {
    Golden.assertMatches(
        "host/bergen-1/firewall.nft", Firewall.render(Specs.of(Fixtures.bergen(), "bergen-1")));
  }

  static Stream<HostSpec> hosts() {
    return Fixtures.stacks()
        .map(Fixtures::config)
        .flatMap(config -> Plan.of(config).hosts().stream())
        .flatMap(spec -> Stream.of(spec, Specs.withLogin(spec, "root", 2222)));
  }

  @ParameterizedTest
  @MethodSource("hosts")
  void isValidForNft(HostSpec spec) throws IOException, InterruptedException {
    Machine.needsRoot();
    Machine.needs("nft", "unshare");
    for (var rules : List.of(Firewall.render(spec), closed(spec))) {
      var file = Files.writeString(folder.resolve("rules"), rules);

      assertThat(
              outputOf(
                  "unshare", "--net", "--", "/usr/sbin/nft", "--check", "--file", file.toString()))
          .isEmpty();
    }
  }

  /** The rules that the loader falls back to. */
  static String closed(HostSpec spec) {
    var loader = Firewall.loader(spec);
    return loader.substring(loader.indexOf("\ntable inet"), loader.indexOf("\nCLOSED"));
  }

  @Test
  void hasScriptsThatShellcheckHasNothingToSayAbout() throws IOException, InterruptedException {
    Machine.needs("shellcheck");
    for (var script :
        List.of(Firewall.loader(Specs.oslo()), Template.text("files/load-nftables.sh"))) {
      var file = Files.writeString(folder.resolve("script.sh"), script);

      assertThat(outputOf("shellcheck", "--shell=sh", file.toString())).isEmpty();
    }
  }

  private static String outputOf(String... command) throws IOException, InterruptedException {
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }

  /** A privateAddress that is public is public. */
  @Test
  void opensWireGuardAndNothingUnencryptedToNodesAtPublicAddresses() {
    var config =
        PatchedConfig.of("bergen", "set: {nordfaas:nodes.bergen-4.privateAddress: 198.51.100.14}");

    assertThat(Firewall.render(Specs.of(config, "bergen-1")))
        .contains("@nodes4 udp dport 51820 accept")
        .doesNotContain("dport 8472 accept");
  }

  @Test
  void opensOnePortForPodsOfVersion6() {
    var config =
        PatchedConfig.of(
            "bergen",
            "set: {nordfaas:k3s.clusterCidr: 'fd00:42::/56', nordfaas:k3s.serviceCidr: 'fd00:43::/112', nordfaas:nodes.bergen-4.privateAddress: 198.51.100.14}");

    assertThat(Firewall.render(Specs.of(config, "bergen-1")))
        .contains("@nodes6 udp dport 51821 accept")
        .doesNotContain("51820", "dport 8472 accept");
  }

  @Test
  void refusesAPeerWhoseAddressIsAName() {
    var oslo = Specs.oslo();
    var spec =
        new HostSpec(
            "a",
            oslo.node(),
            oslo.host(),
            oslo.ssh(),
            List.of(),
            oslo.podNetwork(),
            List.of("b.example"),
            oslo.podNetworkPort(),
            List.of(),
            List.of());

    assertThatThrownBy(() -> Firewall.render(spec))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "a: the firewall needs the other nodes' IP addresses, but has 'b.example'; set that node's privateAddress");
  }
}
