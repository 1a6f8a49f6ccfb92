package dev.nordfaas.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.check.PatchedConfig;
import dev.nordfaas.testing.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The first node of Bergen answers, at one of this machine's addresses; the others do not. */
class SilentHostsTest {
  private static final String HERE =
      "nordfaas:nodes.bergen-1.address: 127.0.0.11, nordfaas:nodes.bergen-2.address: 127.0.0.12, nordfaas:nodes.bergen-3.address: 127.0.0.13, nordfaas:nodes.bergen-4.address: 127.0.0.14, nordfaas:nodes.bergen-5.address: 127.0.0.15";

  private final int port = Ports.free();

  private List<String> lines(String... away) throws IOException {
    var patch = new StringBuilder("set: {" + HERE);
    for (var name : away) {
      patch.append(", nordfaas:nodes.%s.away: true".formatted(name));
    }
    var config = PatchedConfig.of("bergen", patch.append('}').toString());
    try (var sshd = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.11"))) {
      return new SilentHosts(config.nodes(), sshd.getLocalPort(), Duration.ofSeconds(3)).describe();
    }
  }

  @Test
  void areNamedWithWhatToDo() throws IOException {
    assertThat(lines("bergen-2", "bergen-3"))
        .containsExactly(
            "no answer at port %d of bergen-4, bergen-5: whatever up has to do there will fail. If a node is switched off or lost, set nodes.NAME.away; see 'A node is away' in docs/runbook.md"
                .formatted(port));
  }

  @Test
  void saysWhichOnesAreBack() throws IOException {
    assertThat(lines("bergen-1", "bergen-2", "bergen-3", "bergen-4", "bergen-5"))
        .containsExactly(
            "bergen-1 answers, and is left as it is, as the config says that it is away: remove nodes.NAME.away, and run up");
  }

  @Test
  void saysNothingWhenAllIsAsTheConfigSays() throws IOException {
    assertThat(lines("bergen-2", "bergen-3", "bergen-4", "bergen-5")).isEmpty();
  }
}
