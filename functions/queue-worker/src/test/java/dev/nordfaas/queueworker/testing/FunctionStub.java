package dev.nordfaas.queueworker.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** A function that answers what a test tells it to, and remembers its calls. */
public final class FunctionStub implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private volatile Function<Call, Reply> behaviour = call -> Reply.of(200);

  private FunctionStub(int port) {
    try {
      server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1024);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  public static FunctionStub start() {
    return new FunctionStub(0);
  }

  /** What it answers from now on. */
  public FunctionStub answers(Function<Call, Reply> next) {
    behaviour = next;
    return this;
  }

  public URI url() {
    return URI.create("http://127.0.0.1:%d/function/test".formatted(port()));
  }

  public int port() {
    return server.getAddress().getPort();
  }

  /** All calls so far. */
  public List<Call> calls() {
    return List.copyOf(calls);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      var call =
          new Call(
              exchange.getRemoteAddress().getPort(),
              exchange.getRequestURI().getPath(),
              Objects.requireNonNullElse(exchange.getRequestURI().getRawQuery(), ""),
              Map.copyOf(exchange.getRequestHeaders()),
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
      calls.add(call);
      var reply = behaviour.apply(call);
      reply.headers().forEach(exchange.getResponseHeaders()::add);
      var body = reply.body().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }

  /**
   * One call; header names begin with a capital, and the rest is small. The connection is known by
   * its port.
   */
  public record Call(
      int connection, String path, String query, Map<String, List<String>> headers, String body) {
    /** The first value of a header. */
    public String header(String name) {
      var values = headers.get(name);
      return values == null ? "" : values.get(0);
    }

    public String id() {
      return header("X-call-id");
    }

    public int attempt() {
      return Integer.parseInt(header("X-delivery-attempt"));
    }
  }

  /** What the function answers. */
  public record Reply(int status, Map<String, String> headers, String body) {
    public static Reply of(int status) {
      return new Reply(status, Map.of(), "");
    }
  }
}
