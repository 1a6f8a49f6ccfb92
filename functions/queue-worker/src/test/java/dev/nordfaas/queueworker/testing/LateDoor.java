package dev.nordfaas.queueworker.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;

/**
 * A port of this machine that refuses every connection for a while and then leads to another one,
 * as a server does for a new pod: on K3s v1.34.4+k3s1 it was refused for 294 to 1818 ms.
 */
public final class LateDoor implements AutoCloseable {
  private final int target;
  private final int port;
  private final ServerSocket listening = new ServerSocket();

  private LateDoor(int target, int port) throws IOException {
    this.target = target;
    this.port = port;
  }

  /** Opens it to a port after a time. */
  public static LateDoor to(int target, Duration after) {
    try {
      var door = new LateDoor(target, Ports.free());
      start(() -> door.open(after));
      return door;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where clients connect. */
  public int port() {
    return port;
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }

  private void open(Duration after) {
    try {
      Thread.sleep(after.toMillis());
      listening.setReuseAddress(true);
      listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      while (true) {
        var client = listening.accept();
        var server = new Socket(InetAddress.getLoopbackAddress(), target);
        start(() -> pass(client, server));
        start(() -> pass(server, client));
      }
    } catch (IOException | InterruptedException e) {
      // Closed: the test is over.
    }
  }

  private static void pass(Socket from, Socket to) {
    try (from;
        to;
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      in.transferTo(out);
    } catch (IOException e) {
      // One of the two has closed it.
    }
  }

  private static void start(Runnable work) {
    var thread = new Thread(work, "late-door");
    thread.setDaemon(true);
    thread.start();
  }
}
