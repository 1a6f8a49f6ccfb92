package dev.nordfaas.orderprocessor;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Properties;
import java.util.function.Consumer;

/**
 * The connections to PgBouncer, which may give each transaction a different connection to
 * PostgreSQL: no session state may outlive a transaction.
 */
final class Database {
  /** How long a call waits for a free connection. */
  static final Duration WAIT = Duration.ofSeconds(5);

  /** How long a call waits for an answer. Together they stay below a function's 30 s. */
  static final Duration ANSWER = Duration.ofSeconds(10);

  static final Duration CONNECT = Duration.ofSeconds(3);

  /** Between attempts to reach it, at the start. */
  private static final Duration PAUSE = Duration.ofMillis(25);

  /**
   * Of each of the first attempts. A node refuses by ICMP, and its kernel sends a pod six of those
   * at once and then one a second (icmp_ratelimit). An attempt that gets none would try again after
   * one second and after two more.
   */
  static final Duration SHORT_CONNECT = Duration.ofMillis(250);

  static final int SHORT_ATTEMPTS = 40;

  private static final Duration BETWEEN_WARNINGS = Duration.ofSeconds(1);

  /** The maximum age of a connection, as PgBouncer may move. */
  private static final Duration MAX_AGE = Duration.ofMinutes(10);

  private Database() {}

  /**
   * The pool; its connections are opened in the background, whether or not the database is up, from
   * the first use on.
   */
  static HikariDataSource open(Settings settings) {
    var url = settings.database();
    var config = new HikariConfig();
    config.setPoolName("orders");
    config.setJdbcUrl("jdbc:postgresql://%s:%d/".formatted(url.host(), url.port()));
    config.setUsername(url.user());
    config.setPassword(url.password());
    config.setDataSourceProperties(driver(url));
    config.setMaximumPoolSize(settings.poolSize());
    config.setInitializationFailTimeout(-1);
    config.setConnectionTimeout(WAIT.toMillis());
    config.setValidationTimeout(CONNECT.toMillis());
    config.setMaxLifetime(MAX_AGE.toMillis());
    var pool = new HikariDataSource();
    config.copyStateTo(pool);
    return pool;
  }

  /**
   * Waits until PgBouncer accepts connections, which a new pod's network refuses at first. The pool
   * would wait too, but twice as long after each attempt, and so most of a second too long.
   *
   * @param waiting is told the reason about once a second
   */
  static void await(Settings settings, Consumer<IOException> waiting) throws InterruptedException {
    await(settings.database(), Database::connect, waiting);
  }

  static void await(DatabaseUrl url, Attempt attempt, Consumer<IOException> waiting)
      throws InterruptedException {
    var warned = System.nanoTime();
    for (var number = 1; ; number++) {
      try {
        attempt.connect(url, number <= SHORT_ATTEMPTS ? SHORT_CONNECT : CONNECT);
        return;
      } catch (IOException e) {
        if (System.nanoTime() - warned >= BETWEEN_WARNINGS.toNanos()) {
          warned = System.nanoTime();
          waiting.accept(e);
        }
        Thread.sleep(PAUSE.toMillis());
      }
    }
  }

  private static void connect(DatabaseUrl url, Duration patience) throws IOException {
    try (var socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(url.host(), url.port()), Math.toIntExact(patience.toMillis()));
    }
  }

  /** Connects and closes the connection, or fails after a while. */
  interface Attempt {
    void connect(DatabaseUrl url, Duration patience) throws IOException;
  }

  /** All as text: the driver ignores other values. */
  private static Properties driver(DatabaseUrl url) {
    var driver = new Properties();
    driver.setProperty("PGDBNAME", url.database());
    // PgBouncer before 1.21 has no prepared statements, and they would belong to a session.
    driver.setProperty("prepareThreshold", "0");
    // The driver puts its settings into the start-up message instead of SET statements after it.
    driver.setProperty("assumeMinServerVersion", "12");
    driver.setProperty("ApplicationName", "order-processor");
    driver.setProperty("connectTimeout", Long.toString(CONNECT.toSeconds()));
    driver.setProperty("socketTimeout", Long.toString(ANSWER.toSeconds()));
    driver.setProperty("tcpKeepAlive", "true");
    // The detail of an error may quote the row.
    driver.setProperty("logServerErrorDetail", "false");
    url.sslMode().ifPresent(mode -> driver.setProperty("sslmode", mode));
    url.sslRootCert().ifPresent(path -> driver.setProperty("sslrootcert", path));
    return driver;
  }
}
