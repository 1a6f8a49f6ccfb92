package dev.nordfaas.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Connects to many TCP ports at once, from an address of this machine. */
final class PortScan {
  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final int AT_ONCE = 4000;

  /** Every port there is. */
  static final List<Integer> ALL = IntStream.rangeClosed(1, 65_535).boxed().toList();

  private PortScan() {}

  /** Those of the ports that accept a connection; the others refuse or say nothing. */
  static List<Integer> open(String source, String target, List<Integer> ports) {
    return open(source, ports.stream().map(port -> new InetSocketAddress(target, port)).toList())
        .stream()
        .map(InetSocketAddress::getPort)
        .sorted()
        .toList();
  }

  /** Those of the addresses that accept a connection. */
  static List<InetSocketAddress> open(String source, List<InetSocketAddress> targets) {
    var open = new ArrayList<InetSocketAddress>();
    try {
      for (var begin = 0; begin < targets.size(); begin += AT_ONCE) {
        var end = Math.min(begin + AT_ONCE, targets.size());
        open.addAll(openOf(source, targets.subList(begin, end)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return List.copyOf(open);
  }

  private static List<InetSocketAddress> openOf(String source, List<InetSocketAddress> targets)
      throws IOException {
    var open = new ArrayList<InetSocketAddress>();
    try (var selector = Selector.open()) {
      for (var target : targets) {
        var channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.bind(new InetSocketAddress(source, 0));
        channel.register(selector, SelectionKey.OP_CONNECT, target);
        channel.connect(target);
      }
      var end = System.nanoTime() + PATIENCE.toNanos();
      while (System.nanoTime() < end) {
        selector.select(
            key -> {
              if (connected(key)) {
                open.add((InetSocketAddress) key.attachment());
              }
              key.cancel();
            },
            100);
      }
      for (var key : selector.keys()) {
        key.channel().close();
      }
    }
    return open;
  }

  private static boolean connected(SelectionKey key) {
    try (var channel = (SocketChannel) key.channel()) {
      return channel.finishConnect();
    } catch (IOException refused) {
      return false;
    }
  }
}
