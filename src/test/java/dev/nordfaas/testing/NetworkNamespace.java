package dev.nordfaas.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;

/** A network namespace in which a node's scripts run. */
public final class NetworkNamespace implements AutoCloseable {
  private final Process process;

  private NetworkNamespace(Process process) {
    this.process = process;
  }

  /** Creates one, with nothing in it, for everything that the node runs from now on. */
  public static NetworkNamespace of(Node node) throws IOException, InterruptedException {
    var process = new ProcessBuilder("unshare", "--net", "sleep", "120").start();
    node.inNetworkOf(process);
    // The process is in our own namespace at first.
    var end = Instant.now().plus(Duration.ofSeconds(20));
    while (!node.run("ip -brief link | wc -l", "").stdout().strip().equals("1")) {
      assertThat(Instant.now()).as("there is no namespace of its own").isBefore(end);
      Thread.sleep(50);
    }
    return new NetworkNamespace(process);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
