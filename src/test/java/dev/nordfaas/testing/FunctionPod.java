package dev.nordfaas.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/** A pod of a function, on a port of this machine: answers 200, and remembers what it was asked. */
public final class FunctionPod implements AutoCloseable {
  /** Part of a path that is not answered. */
  public static final String HELD = "/held";

  private final HttpServer server;
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final List<HttpExchange> held = new CopyOnWriteArrayList<>();

  private FunctionPod(HttpServer server) {
    this.server = server;
  }

  /** Starts it. */
  public static FunctionPod start() throws IOException {
    var pod =
        new FunctionPod(
            HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 2048));
    pod.server.setExecutor(
        Executors.newCachedThreadPool(
            task -> {
              var thread = new Thread(task, "pod");
              thread.setDaemon(true);
              return thread;
            }));
    pod.server.createContext("/", pod::answer);
    pod.server.start();
    return pod;
  }

  public int port() {
    return server.getAddress().getPort();
  }

  /** Host and target of each request, as they came: {@code example.no /a?b}. */
  public List<String> asked() {
    return List.copyOf(asked);
  }

  /** How many requests are not answered. */
  public int held() {
    return held.size();
  }

  /** Closes the connections of those. */
  public void release() {
    held.forEach(HttpExchange::close);
    held.clear();
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    exchange.getRequestBody().readAllBytes();
    var target = exchange.getRequestURI().toString();
    if (target.contains(HELD)) {
      held.add(exchange);
      return;
    }
    asked.add(exchange.getRequestHeaders().getFirst("Host") + " " + target);
    exchange.sendResponseHeaders(200, -1);
    exchange.close();
  }
}
