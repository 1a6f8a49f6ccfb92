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

  private static final Duration CONNECT = Duration.ofSeconds(3);

  /** Between attempts to reach it, at the start. */
  private static final Duration PAUSE = Duration.ofMillis(25);

  private static final int ATTEMPTS_PER_WARNING = 40;

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
    var url = settings.database();
    for (var attempt = 1; ; attempt++) {
      try (var socket = new Socket()) {
        socket.connect(
            new InetSocketAddress(url.host(), url.port()), Math.toIntExact(CONNECT.toMillis()));
        return;
      } catch (IOException e) {
        if (attempt % ATTEMPTS_PER_WARNING == 0) {
          waiting.accept(e);
        }
        Thread.sleep(PAUSE.toMillis());
      }
    }
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
