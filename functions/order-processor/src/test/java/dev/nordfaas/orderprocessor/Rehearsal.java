package dev.nordfaas.orderprocessor;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URL;
import java.time.Duration;

/** What {@link Main} does until it is ready, on ports that are free: a program of its own. */
final class Rehearsal {
  private Rehearsal() {}

  /** Ends after the warm-up. */
  public static void main(String[] args) throws Exception {
    Class.forName(Main.class.getName());
    var log = new Log(OutputStream.nullOutputStream());
    log.captureLibraries();
    var settings = Settings.of(System.getenv());
    var pool = Database.open(settings);
    var metrics = new Metrics();
    metrics.watch(pool);
    var anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    var service = Service.start(anyPort, anyPort, Orders.of(pool), settings.grant(), metrics, log);
    WarmUp.withoutDatabase(pool, settings.grant());
    Database.await(settings, e -> log.warn("waiting", java.util.Map.of()));
    WarmUp.run(pool, settings.grant());
    service.setReady();
    get(service.port(), Service.READY_PATH);
    get(service.metricsPort(), "/metrics");
    service.stop(Duration.ZERO);
    pool.close();
  }

  private static void get(int port, String path) throws IOException {
    var host = InetAddress.getLoopbackAddress().getHostAddress();
    try (var body = new URL("http", host, port, path).openStream()) {
      body.readAllBytes();
    }
  }
}
