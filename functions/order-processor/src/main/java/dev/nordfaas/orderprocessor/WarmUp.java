package dev.nordfaas.orderprocessor;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;

/**
 * Runs the paths of a call before the first one arrives: over the loopback through a service of its
 * own, to the database and back, in transactions that are rolled back. So no caller waits for the
 * JVM to load and compile that code.
 */
final class WarmUp {
  /** The order that a rehearsal finds. */
  static final String ID = "warm-up";

  /** Meanwhile the network refuses the database, so they cost a start nothing. */
  private static final int ROUNDS_WITHOUT_DATABASE = 50;

  /**
   * Each takes as long as four calls: more of them make a start slower and no later call faster.
   */
  private static final int ROUNDS = 30;

  private WarmUp() {}

  /**
   * Runs the paths that end before the database: while that cannot be reached yet.
   *
   * @param grant what the function serves
   */
  static void withoutDatabase(HikariDataSource pool, Grant grant)
      throws IOException, InterruptedException {
    rounds(
        ROUNDS_WITHOUT_DATABASE,
        Orders.rehearsal(pool),
        grant,
        service -> {
          if (grant == Grant.WRITE) {
            call(service, "POST", "/", 0, 400);
          }
          call(service, "GET", "/", 0, 404);
        });
  }

  /**
   * Runs all paths.
   *
   * @param grant what the function serves
   * @throws SQLException if the database is not available yet
   * @throws IOException if the service itself does not
   */
  static void run(HikariDataSource pool, Grant grant)
      throws SQLException, IOException, InterruptedException {
    var orders = Orders.rehearsal(pool);
    orders.find(ID);
    rounds(
        ROUNDS,
        orders,
        grant,
        service -> {
          if (grant == Grant.WRITE) {
            call(service, "POST", "/", 1, 200);
            call(service, "POST", "/", 0, 400);
          }
          call(service, "GET", "/orders/" + ID, 0, 200);
          call(service, "GET", "/orders/no-" + ID, 0, 404);
        });
  }

  private static void rounds(int number, Orders orders, Grant grant, Round round)
      throws IOException, InterruptedException {
    var anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    var service =
        Service.start(
            anyPort,
            anyPort,
            orders,
            grant,
            new Metrics(),
            new Log(OutputStream.nullOutputStream()));
    try {
      for (var i = 0; i < number; i++) {
        round.callAll(service);
      }
    } finally {
      service.stop(Duration.ZERO);
    }
  }

  private static void call(Service service, String method, String path, int quantity, int expected)
      throws IOException {
    var host = InetAddress.getLoopbackAddress().getHostAddress();
    var connection =
        (HttpURLConnection) new URL("http", host, service.port(), path).openConnection();
    connection.setRequestMethod(method);
    connection.setRequestProperty(OrderHandler.CALL_ID, UUID.randomUUID().toString());
    if (method.equals("POST")) {
      connection.setDoOutput(true);
      connection.getOutputStream().write(order(quantity));
    }
    var status = connection.getResponseCode();
    try (var body = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
      body.readAllBytes();
    }
    if (status != expected) {
      throw new IOException("%s %s was answered with %d".formatted(method, path, status));
    }
  }

  private static byte[] order(int quantity) {
    return """
        {"orderId": "%s", "customer": "warm-up", "currency": "NOK",
         "items": [{"sku": "warm-up", "quantity": %d, "unitPrice": 0.50}]}
        """
        .formatted(UUID.randomUUID(), quantity)
        .getBytes(StandardCharsets.UTF_8);
  }

  /** One call of each path. */
  private interface Round {
    void callAll(Service service) throws IOException;
  }
}
