package dev.nordfaas.queueworker.testing;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports for servers that tests start. Below those that Linux gives to clients (32768 and above,
 * {@code net.ipv4.ip_local_port_range}), one after the other from a random one: between the look
 * and the server's start no client, no other test and hardly another JVM with tests takes it.
 */
public final class Ports {
  private static final int FIRST = 15_000;
  private static final int COUNT = 15_000;

  private static int next = ThreadLocalRandom.current().nextInt(COUNT);

  private Ports() {}

  /** A port on which nothing listens, at any address. */
  public static synchronized int free() {
    for (var tries = 0; tries < COUNT; tries++) {
      var port = FIRST + next;
      next = (next + 1) % COUNT;
      try (var socket = new ServerSocket(port)) {
        return socket.getLocalPort();
      } catch (IOException taken) {
        continue;
      }
    }
    throw new IllegalStateException("no port is free");
  }
}
