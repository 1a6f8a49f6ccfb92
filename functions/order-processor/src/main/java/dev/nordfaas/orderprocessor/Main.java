package dev.nordfaas.orderprocessor;

import com.zaxxer.hikari.HikariDataSource;
import dev.nordfaas.orderprocessor.Settings.InvalidSettingsException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;

/** Entry point of the function. */
public final class Main {
  private static final int PORT = 8080;

  /** As of OpenFaaS' watchdog. */
  private static final int METRICS_PORT = 8081;

  /** A call waits for a connection, and then for an answer. */
  private static final Duration LONGEST_CALL = Database.WAIT.plus(Database.ANSWER);

  private static final String WAITING = "waiting for the database";

  private static final Duration PAUSE = Duration.ofSeconds(1);

  private Main() {}

  /** Serves until SIGTERM. */
  public static void main(String[] args) throws IOException, InterruptedException {
    var begin = System.nanoTime();
    var log = new Log(System.out);
    log.captureLibraries();
    Settings settings;
    try {
      settings = Settings.of(System.getenv());
    } catch (InvalidSettingsException e) {
      e.problems().forEach(problem -> log.error(problem, Map.of()));
      System.exit(1);
      return;
    }
    var pool = Database.open(settings);
    var metrics = new Metrics();
    metrics.watch(pool);
    var service =
        Service.start(
            new InetSocketAddress(PORT),
            new InetSocketAddress(METRICS_PORT),
            Orders.of(pool),
            settings.grant(),
            metrics,
            log);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(service, pool, log), "stop"));
    WarmUp.withoutDatabase(pool, settings.grant());
    Database.await(
        settings, e -> log.warn(WAITING, Map.of("cause", String.valueOf(e.getMessage()))));
    warmUp(pool, settings.grant(), log);
    service.setReady();
    log.info("ready", Map.of("durationMs", Duration.ofNanos(System.nanoTime() - begin).toMillis()));
  }

  /** A function whose database cannot be reached, or has no table, never becomes ready. */
  private static void warmUp(HikariDataSource pool, Grant grant, Log log)
      throws IOException, InterruptedException {
    while (true) {
      try {
        WarmUp.run(pool, grant);
        return;
      } catch (SQLException e) {
        log.warn(
            WAITING,
            Map.of(
                "sqlState", String.valueOf(e.getSQLState()),
                "cause", String.valueOf(e.getMessage())));
        Thread.sleep(PAUSE.toMillis());
      }
    }
  }

  private static void stop(Service service, HikariDataSource pool, Log log) {
    log.info("stopping", Map.of());
    try {
      service.stop(LONGEST_CALL);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    pool.close();
    log.info("stopped", Map.of());
  }
}
