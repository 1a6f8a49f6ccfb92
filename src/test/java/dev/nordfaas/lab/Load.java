package dev.nordfaas.lab;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Clients outside that ask at a fixed rate together, until their standard input ends; what they
 * cannot send in time they send late, and never leave out. A program of its own: the name of the
 * edge becomes its address by {@code -Djdk.net.hosts.file}.
 */
final class Load implements AutoCloseable {
  private static final int CLIENTS = 32;

  private final Process process;
  private final Path hosts;

  private Load(Process process, Path hosts) {
    this.process = process;
    this.hosts = hosts;
  }

  /** Begins to GET a path at the edge. */
  static Load startReading(int requestsPerSecond, String path) throws IOException {
    return start(requestsPerSecond, path, "");
  }

  /** Begins to POST the body to a path at the edge. */
  static Load start(int requestsPerSecond, String path, String body) throws IOException {
    var hosts = Files.createTempFile("nordfaas-hosts-", "");
    Files.writeString(hosts, Lab.ADDRESS + " " + Lab.DOMAIN + "\n");
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djdk.net.hosts.file=" + hosts,
                "-cp",
                System.getProperty("java.class.path"),
                Load.class.getName(),
                Integer.toString(requestsPerSecond),
                "https://" + Lab.DOMAIN + path,
                body,
                Lab.authority().toString())
            .redirectErrorStream(true)
            .start();
    return new Load(process, hosts);
  }

  /** Ends it when the last answer is there. How often each status, or failure, came. */
  Map<String, Integer> stop() throws IOException {
    process.getOutputStream().close();
    return counts(new String(process.getInputStream().readAllBytes()));
  }

  /** How often each of them came: lines with a number, and what it counts. */
  static Map<String, Integer> counts(String lines) {
    var counts = new TreeMap<String, Integer>();
    lines
        .lines()
        .forEach(
            line -> {
              var at = line.indexOf(' ');
              counts.put(line.substring(at + 1), Integer.parseInt(line.substring(0, at)));
            });
    return counts;
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    Files.delete(hosts);
  }

  /** The client: rate, URL, body (empty: GET), file with the authority of the edge. */
  public static void main(String[] args)
      throws IOException, GeneralSecurityException, InterruptedException {
    var client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .sslContext(trusting(Path.of(args[3])))
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    var url = HttpRequest.newBuilder(URI.create(args[1])).timeout(Duration.ofSeconds(30));
    var request =
        args[2].isEmpty()
            ? url.GET().build()
            : url.POST(HttpRequest.BodyPublishers.ofString(args[2])).build();
    var counts = new ConcurrentHashMap<String, LongAdder>();
    var clients = Executors.newFixedThreadPool(CLIENTS);
    var clock = Executors.newSingleThreadScheduledExecutor();
    clock.scheduleAtFixedRate(
        () ->
            clients.execute(
                () ->
                    counts
                        .computeIfAbsent(send(client, request), it -> new LongAdder())
                        .increment()),
        0,
        TimeUnit.SECONDS.toNanos(1) / Integer.parseInt(args[0]),
        TimeUnit.NANOSECONDS);
    waitForEnd(System.in);
    clock.shutdown();
    clock.awaitTermination(10, TimeUnit.SECONDS);
    clients.shutdown();
    clients.awaitTermination(60, TimeUnit.SECONDS);
    counts.forEach((what, count) -> System.out.println(count + " " + what));
    System.exit(0);
  }

  /** The status of the answer, or what went wrong. */
  static String send(HttpClient client, HttpRequest request) {
    try {
      return Integer.toString(client.send(request, BodyHandlers.discarding()).statusCode());
    } catch (IOException e) {
      return e.toString();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return e.toString();
    }
  }

  private static void waitForEnd(InputStream input) throws IOException {
    input.readAllBytes();
  }

  static SSLContext trusting(Path authority) throws IOException, GeneralSecurityException {
    var store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null);
    try (var certificate = Files.newInputStream(authority)) {
      store.setCertificateEntry(
          "edge", CertificateFactory.getInstance("X.509").generateCertificate(certificate));
    }
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    var context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }
}
