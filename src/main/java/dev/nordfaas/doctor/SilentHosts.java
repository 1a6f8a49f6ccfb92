package dev.nordfaas.doctor;

import dev.nordfaas.config.NodeConfig;
import dev.nordfaas.config.StackConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Consumer;

/**
 * Hosts that {@code up} cannot reach, said at its start. Pulumi itself says so after its last
 * attempt, in words that do not tell what to do about a server that is lost.
 */
public final class SilentHosts {
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final int ATTEMPTS = 2;

  private final Map<String, NodeConfig> nodes;
  private final int port;
  private final Duration patience;

  SilentHosts(Map<String, NodeConfig> nodes, int port, Duration patience) {
    this.nodes = nodes;
    this.port = port;
    this.patience = patience;
  }

  /**
   * Looks once, without waiting for it. Nothing can be said of hosts behind a bastion.
   *
   * @param log gets one line for those that do not answer, and one for those that are away in the
   *     config and answer
   */
  public static void start(StackConfig config, Consumer<String> log) {
    if (config.k3s().existing().isPresent() || config.ssh().bastion().isPresent()) {
      return;
    }
    var hosts = new SilentHosts(config.nodes(), config.ssh().port(), PATIENCE);
    startThread(() -> hosts.describe().forEach(log));
  }

  /** It only explains, and must not keep the program running. */
  private static Thread startThread(Runnable task) {
    var thread = new Thread(task, "silent-hosts");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /** What is to be said. */
  List<String> describe() {
    var silent = new ConcurrentSkipListSet<String>();
    var back = new ConcurrentSkipListSet<String>();
    var threads = new ArrayList<Thread>();
    nodes.forEach(
        (name, node) ->
            threads.add(
                startThread(
                    () -> {
                      if (answers(node.address()) == node.away()) {
                        (node.away() ? back : silent).add(name);
                      }
                    })));
    try {
      for (var thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    }
    var lines = new ArrayList<String>();
    if (!silent.isEmpty()) {
      lines.add(
          "no answer at port %d of %s: whatever up has to do there will fail. If a node is switched off or lost, set nodes.NAME.away; see 'A node is away' in docs/runbook.md"
              .formatted(port, String.join(", ", silent)));
    }
    if (!back.isEmpty()) {
      lines.add(
          "%s answers, and is left as it is, as the config says that it is away: remove nodes.NAME.away, and run up"
              .formatted(String.join(", ", back)));
    }
    return lines;
  }

  private boolean answers(String address) {
    for (var attempt = 0; attempt < ATTEMPTS; attempt++) {
      try (var socket = new Socket()) {
        socket.connect(new InetSocketAddress(address, port), Math.toIntExact(patience.toMillis()));
        return true;
      } catch (IOException e) {
        // Once more: a single packet may get lost.
      }
    }
    return false;
  }
}
