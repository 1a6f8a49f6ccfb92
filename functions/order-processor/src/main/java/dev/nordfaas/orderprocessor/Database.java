package dev.nordfaas.orderprocessor;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;

/**
 * The connections to PgBouncer, which gives each transaction another connection to PostgreSQL:
 * nothing of a session may outlive a transaction.
 */
final class Database {
  /** How long a call waits for a free connection. */
  static final Duration WAIT = Duration.ofSeconds(5);

  /** How long a call waits for an answer. Together they stay below a function's 30 s. */
  static final Duration ANSWER = Duration.ofSeconds(10);

  private static final Duration CONNECT = Duration.ofSeconds(3);

  /** PgBouncer may move: no connection is older. */
  private static final Duration MAX_AGE = Duration.ofMinutes(10);

  private Database() {}

  /** The pool; its connections are made in the background, whether or not the database is there. */
  static HikariDataSource open(Settings settings) {
    var url = settings.database();
    var config = new HikariConfig();
    config.setPoolName("orders");
    config.setJdbcUrl(
        "jdbc:postgresql://%s:%d/%s".formatted(url.host(), url.port(), encode(url.database())));
    config.setUsername(url.user());
    config.setPassword(url.password());
    config.setMaximumPoolSize(settings.poolSize());
    config.setInitializationFailTimeout(-1);
    config.setConnectionTimeout(WAIT.toMillis());
    config.setValidationTimeout(CONNECT.toMillis());
    config.setMaxLifetime(MAX_AGE.toMillis());

    // PgBouncer before 1.21 knows no prepared statements, and they would belong to a session.
    config.addDataSourceProperty("prepareThreshold", 0);
    // The driver puts its settings into the start-up message instead of SET statements after it.
    config.addDataSourceProperty("assumeMinServerVersion", "12");
    config.addDataSourceProperty("ApplicationName", "order-processor");
    config.addDataSourceProperty("connectTimeout", CONNECT.toSeconds());
    config.addDataSourceProperty("socketTimeout", ANSWER.toSeconds());
    config.addDataSourceProperty("tcpKeepAlive", true);
    // The detail of an error may quote the row.
    config.addDataSourceProperty("logServerErrorDetail", false);
    url.parameters().forEach(config::addDataSourceProperty);
    return new HikariDataSource(config);
  }

  private static String encode(String database) {
    return java.net.URLEncoder.encode(database, java.nio.charset.StandardCharsets.UTF_8)
        .replace("+", "%20");
  }
}
