package hello;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** POST a name, get a greeting. Copy the folder to start a function of your own. */
public final class Main {
  private static final int PORT = 8080;
  private static final int MAX_CALLS = 64;
  private static final int MAX_BODY = 1 << 16;

  /** How long calls in flight may take when stopping. */
  private static final int STOP_SECONDS = 5;

  private Main() {}

  /** Serves until SIGTERM, and then until the last call is answered. */
  public static void main(String[] args) throws IOException {
    // Without it the second segment of an answer waits for the caller's delayed ACK, 40 ms.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    var threads = Executors.newFixedThreadPool(MAX_CALLS);
    var server = serve(new InetSocketAddress(PORT), threads);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server, threads), "stop"));
  }

  static HttpServer serve(InetSocketAddress address, ExecutorService threads) throws IOException {
    var server = HttpServer.create(address, 1024);
    server.setExecutor(threads);
    server.createContext("/", Main::call);
    server.createContext("/_/ready", exchange -> answer(exchange, 200, "ready\n"));
    server.start();
    return server;
  }

  private static void stop(HttpServer server, ExecutorService threads) {
    server.stop(STOP_SECONDS);
    threads.shutdown();
  }

  private static void call(HttpExchange exchange) throws IOException {
    var body = exchange.getRequestBody().readNBytes(MAX_BODY);
    if (!exchange.getRequestMethod().equals("POST")) {
      exchange.getResponseHeaders().set("Allow", "POST");
      answer(exchange, 405, "POST a name\n");
      return;
    }
    var name = new String(body, StandardCharsets.UTF_8).strip();
    answer(exchange, 200, "Hello, %s!\n".formatted(name.isEmpty() ? "world" : name));
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    try (exchange) {
      var body = text.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    }
  }
}
