package dev.nordfaas.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.testing.Golden;
import dev.nordfaas.testing.Specs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SysctlsTest {
  @Test
  void writesTheServerlessProfileWithItsReasons() {
    Golden.assertMatches("host/oslo-1/99-serverless-tuning.conf", Sysctls.file(Specs.oslo()));
  }

  @Test
  void theDocumentationHasEachValueWithItsReasonAndSource() throws IOException {
    var rows = Files.readAllLines(Path.of("docs/host.md"));

    assertThat(Sysctls.effective(Specs.oslo()))
        .allSatisfy(
            sysctl ->
                assertThat(rows)
                    .anyMatch(
                        row ->
                            row.startsWith(
                                "| `%s` | `%s` | %s | %s | "
                                    .formatted(
                                        sysctl.name(),
                                        sysctl.value(),
                                        sysctl.why(),
                                        sysctl.source()))));
  }

  @Test
  void laterValuesWin() {
    var spec =
        Specs.withSysctls(
            Specs.oslo(),
            Map.of("vm.swappiness", "20", "net.core.somaxconn", "4096"),
            Map.of("net.core.somaxconn", "16384"));

    assertThat(Sysctls.file(spec))
        .contains("(host.sysctls)\nvm.swappiness = 20\n")
        .contains("(nodes.oslo-1.sysctls)\nnet.core.somaxconn = 16384\n")
        .doesNotContain("net.core.somaxconn = 4096");
  }

  @Test
  void oneValueIsOneLine() {
    var spec = Specs.withSysctls(Specs.oslo(), Map.of(), Map.of("net.core.somaxconn", "4096"));

    var changed = Sysctls.file(spec).lines().filter(line -> !line.startsWith("#")).toList();
    var before = Sysctls.file(Specs.oslo()).lines().toList();

    assertThat(changed.stream().filter(line -> !before.contains(line)))
        .containsExactly("net.core.somaxconn = 4096");
  }

  @Test
  void keepsOutgoingConnectionsOffThePortsOfThePlatform() {
    assertThat(Sysctls.effective(Specs.oslo()))
        .filteredOn(sysctl -> sysctl.name().equals("net.ipv4.ip_local_reserved_ports"))
        .singleElement()
        .extracting(Sysctl::value)
        .isEqualTo(
            "22,80,443,2379-2382,4222,5432,6222,6432,6443-6444,8080,8222,8472,10010,10248-10259,30000-32767");
  }
}
