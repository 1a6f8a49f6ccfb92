package dev.nordfaas.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.PatchedConfig;
import dev.nordfaas.testing.Fixtures;
import dev.nordfaas.testing.Golden;
import dev.nordfaas.testing.Machine;
import dev.nordfaas.testing.Specs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the real keepalived does with the config of nodes. */
@Timeout(120)
class KeepalivedTest {
  private static final StackConfig BERGEN =
      PatchedConfig.of(
          "bergen",
          """
          set:
            nordfaas:edge.virtualAddress: {address: 203.0.113.10/24, networkInterface: eth0, privateInterface: eth1, routerId: 51}
            nordfaas:k3s.virtualAddress: {address: 10.20.0.9/24, networkInterface: eth1, routerId: 52}
          """);

  @TempDir Path folder;

  private static String config(int node) {
    return Keepalived.render(Specs.of(BERGEN, "bergen-" + node));
  }

  private static String run(List<String> command) throws IOException, InterruptedException {
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output;
  }

  @Test
  void isToldOfTheOthersAndWhatHasToAnswer() {
    Golden.assertMatches("host/keepalived/bergen-2", config(2));
  }

  @Test
  void runsOnTheNodesOfTheAddressesOnly() {
    assertThat(HostFiles.of(Specs.of(BERGEN, "bergen-3")))
        .extracting(HostFile::path)
        .contains(Keepalived.PATH);
    assertThat(UserData.base(Specs.of(BERGEN, "bergen-3"))).contains("\"keepalived\"");
    for (var none : List.of(Specs.of(BERGEN, "bergen-4"), Specs.oslo())) {
      assertThat(HostFiles.of(none)).extracting(HostFile::path).doesNotContain(Keepalived.PATH);
      assertThat(UserData.base(none)).doesNotContain("keepalived");
      assertThat(Firewall.render(none)).doesNotContain("VRRP", "112 accept");
    }
  }

  @Test
  void isHeardByItsPeersOnly() {
    assertThat(Firewall.render(Specs.of(BERGEN, "bergen-2")))
        .contains("ip saddr { 10.20.0.11, 10.20.0.13 } meta l4proto 112 accept\n");
    assertThat(Firewall.render(Specs.of(Fixtures.bergen(), "bergen-2")))
        .doesNotContain("VRRP", "112 accept");
  }

  @Test
  void acceptsItsConfig() throws IOException, InterruptedException {
    Machine.needsRoot();
    Machine.needs("keepalived", "unshare", "ip");
    var file = Files.writeString(folder.resolve("keepalived.conf"), config(1));
    var test =
        """
        for link in eth0:203.0.113.11 eth1:10.20.0.11; do
          ip link add "${link%%:*}" type dummy || ip link add "${link%%:*}" type bridge
          ip address add "${link#*:}/24" dev "${link%%:*}"
          ip link set "${link%%:*}" up
        done 2>/dev/null
        keepalived --config-test --use-file "$1" && echo accepted
        """;

    assertThat(run(List.of("unshare", "--net", "sh", "-c", test, "sh", file.toString())))
        .isEqualTo("accepted\n");
  }

  /** The firewall of the nodes included; three seconds of silence are a node's end. */
  @Test
  void bringsTheAddressToAnotherNodeWithinFiveSeconds() throws IOException, InterruptedException {
    Machine.needsRoot();
    Machine.needs("keepalived", "unshare", "nsenter", "ip", "nft", "curl", "python3");
    // Its check runs as nobody.
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    for (var node = 1; node <= 3; node++) {
      var edge =
          PatchedConfig.of(
              "bergen",
              "set: {nordfaas:edge.virtualAddress: {address: 203.0.113.10/24, networkInterface: eth0, privateInterface: eth1, routerId: 51}}");
      var spec = Specs.of(edge, "bergen-" + node);
      Files.writeString(folder.resolve(node + ".conf"), Keepalived.render(spec));
      Files.writeString(folder.resolve(node + ".nft"), Firewall.render(spec));
    }
    var command =
        new ArrayList<>(
            List.of(
                "unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "bash", "-c"));
    command.add("mount -t proc proc /proc && exec bash \"$@\"");
    command.addAll(
        List.of(
            "bash",
            Path.of("src/test/resources/host/virtual-address.sh").toAbsolutePath().toString(),
            folder.toString(),
            "203.0.113.10"));

    assertThat(run(command).lines().skip(1))
        .as(() -> log())
        .containsExactly(
            "the edge ends: another has it",
            "the edge is back: the other keeps it",
            "the node is gone: another has it");
  }

  private String log() {
    try {
      return Files.readString(folder.resolve("log"));
    } catch (IOException e) {
      return "there is no log";
    }
  }
}
