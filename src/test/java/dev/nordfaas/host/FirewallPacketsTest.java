package dev.nordfaas.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.testing.Fixtures;
import dev.nordfaas.testing.Machine;
import dev.nordfaas.testing.Specs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** With real packets between network namespaces. */
class FirewallPacketsTest {
  @Test
  void letsInOnlyWhatIsNamed() throws IOException {
    Machine.needsRoot();
    Machine.needs("unshare", "nft", "ip", "python3");
    var process =
        new ProcessBuilder(
                "unshare",
                "--net",
                "--mount",
                "--propagation=private",
                "sh",
                "src/test/resources/host/firewall-packets.sh")
            .redirectErrorStream(true)
            .start();
    try (var input = process.getOutputStream()) {
      input.write(
          Firewall.render(Specs.of(Fixtures.bergen(), "bergen-1"))
              .getBytes(StandardCharsets.UTF_8));
    }

    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

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
            peer 10.20.0.12 -> 10.20.0.11:10250 open
            peer 10.20.0.12 -> 10.20.0.11:2379 open
            peer 10.20.0.12 -> 10.20.0.11:6443 open
            peer 10.20.0.12 -> 10.20.0.11:9999 closed
            pod 10.42.0.5 -> 10.42.0.1:10250 open
            pod 10.42.0.5 -> 10.43.0.1:443 open
            pod 10.42.0.5 -> 198.51.100.7:9000 open
            """);
  }
}
