package dev.nordfaas.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.check.PatchedConfig;
import dev.nordfaas.host.EdgeClients;
import dev.nordfaas.testing.CaddyServer;
import dev.nordfaas.testing.Machine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One client that opens connections and leaves them idle; a real Caddy, and the kernel's rules. */
class ManyConnectionsTest {
  private static final long LIMIT_KILOBYTES = 256 << 10;

  @TempDir private Path folder;

  @BeforeEach
  void needsNamespaces() {
    Machine.needsRoot();
    Machine.needs("unshare", "nft", "ip", "python3", "curl");
  }

  @Test
  void theKernelLetsInSoManyOfOneClientAndAnothersOrderGetsThrough() throws IOException {
    var measured = attack(rules(EdgeClients.render(List.of())), 3000);

    assertThat(measured.get("connections")).isEqualTo(EdgeClients.CONNECTIONS);
    assertThat(measured.get("order")).isEqualTo(202);
    assertThat(measured.get("kilobytes")).isLessThan(LIMIT_KILOBYTES / 2);
  }

  @Test
  void threeThousandIdleConnectionsFitIntoTheEdgesMemory() throws IOException {
    var measured = attack("", 3000);

    assertThat(measured.get("connections")).isEqualTo(3000);
    assertThat(measured.get("order")).isEqualTo(202);
    assertThat(measured.get("kilobytes")).isLessThan(LIMIT_KILOBYTES);
  }

  /** As in the firewall of a node. */
  private static String rules(String clients) {
    return """
    table inet nordfaas {
    %s
      chain prerouting {
        type filter hook prerouting priority mangle; policy accept;
        ct state established,related accept
        tcp dport { 80, 443 } jump %s
      }
    }
    """
        .formatted(clients, EdgeClients.CHAIN);
  }

  private Map<String, Long> attack(String rules, int connections) throws IOException {
    var oslo =
        PatchedConfig.of(
            "oslo",
            """
            set:
              nordfaas:edge.tls: internal
              nordfaas:queueWorker.intake.routes.orders.auth: {public: true}
              nordfaas:functions.order-status.http.auth: {public: true}
            """);
    var caddyfile =
        Caddyfile.of(
                oslo.edge(),
                oslo.datacenter().domain(),
                EdgeRoutes.of(oslo.functions(), oslo.queueWorker().intake()),
                EdgeTimeouts.of(oslo.edge().timeouts(), oslo.openfaas().gateway()))
            .replaceAll("(gateway|intake)\\.[a-z-]+\\.svc\\.cluster\\.local:8080", "127.0.0.1:9000")
            .replace("/run/caddy", folder.toString())
            .replace("file_system /data", "file_system " + folder);
    Files.writeString(folder.resolve("Caddyfile"), caddyfile);
    var process =
        new ProcessBuilder(
                "unshare",
                "--net",
                "--mount",
                "--propagation=private",
                "sh",
                "src/test/resources/edge/many-connections.sh",
                CaddyServer.program(),
                folder.toString(),
                Integer.toString(connections))
            .redirectErrorStream(true)
            .start();
    try (var input = process.getOutputStream()) {
      input.write(rules.getBytes(StandardCharsets.UTF_8));
    }
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(output).containsPattern("kilobytes [0-9]+\n");
    return output
        .lines()
        .map(line -> line.split(" "))
        .collect(Collectors.toMap(words -> words[0], words -> Long.valueOf(words[1])));
  }
}
