package dev.nordfaas.scheduling;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** With an API that answers two lists. */
class PendingPodsWatchTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-28T12:02:00Z"), ZoneOffset.UTC);

  private final ConcurrentLinkedQueue<String> log = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<String> authorizations = new ConcurrentLinkedQueue<>();
  private final CountDownLatch looks = new CountDownLatch(3);
  private HttpServer api;

  @BeforeEach
  void startApi() throws IOException {
    api = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    answer("/api/v1/nodes", PendingPodsTest.NODES);
    answer("/api/v1/pods", PendingPodsTest.PODS);
    api.start();
  }

  @AfterEach
  void stopApi() {
    api.stop(0);
  }

  private void answer(String path, String yaml) {
    var body = new JsonMapper().writeValueAsString(PendingPodsTest.yaml(yaml)).getBytes(UTF_8);
    api.createContext(
        path,
        exchange -> {
          authorizations.add(exchange.getRequestHeaders().getFirst("Authorization"));
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
          if (path.endsWith("pods")) {
            looks.countDown();
          }
        });
  }

  private String kubeconfig() {
    return """
        clusters: [{name: default, cluster: {server: "http://127.0.0.1:%d"}}]
        users: [{name: reader, user: {token: a-token}}]
        """
        .formatted(api.getAddress().getPort());
  }

  private void watch(String kubeconfig) throws InterruptedException {
    var watch = new PendingPodsWatch(log::add, Duration.ofSeconds(60), Duration.ofMillis(5), CLOCK);
    var thread = new Thread(() -> watch.run(kubeconfig));
    thread.start();
    looks.await(30, TimeUnit.SECONDS);
    thread.interrupt();
    thread.join();
  }

  @Test
  void tellsOfEachPodOnce() throws InterruptedException {
    watch(kubeconfig());

    assertThat(log)
        .singleElement()
        .asString()
        .startsWith("pod edge/edge-check-x7k2p has had no node");
  }

  @Test
  void asksWithTheTokenOfTheReader() throws InterruptedException {
    watch(kubeconfig());

    assertThat(authorizations).isNotEmpty().containsOnly("Bearer a-token");
  }

  @Test
  void asksNothingWithinTheFirstInterval() throws InterruptedException {
    var watch = new PendingPodsWatch(log::add, Duration.ofSeconds(60), Duration.ofDays(1), CLOCK);
    var kubeconfig = kubeconfig();
    var thread = new Thread(() -> watch.run(kubeconfig));
    thread.start();
    while (thread.getState() != Thread.State.TIMED_WAITING) {
      assertThat(thread.isAlive()).isTrue();
      Thread.onSpinWait();
    }
    thread.interrupt();
    thread.join();

    assertThat(authorizations).isEmpty();
  }

  @Test
  void saysNothingWhereThereIsNoApi() throws InterruptedException {
    looks.countDown();
    looks.countDown();
    looks.countDown();
    for (var kubeconfig :
        List.of("none yet", kubeconfig().replace("127.0.0.1", "127.0.0.1.invalid"))) {
      watch(kubeconfig);
    }

    assertThat(log).isEmpty();
  }
}
