package dev.nordfaas.nats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.NatsConfig;
import dev.nordfaas.config.NatsConfig.ConsumerConfig;
import dev.nordfaas.config.NatsConfig.Discard;
import dev.nordfaas.config.NatsConfig.Retention;
import dev.nordfaas.testing.Fixtures;
import dev.nordfaas.testing.LateDoor;
import dev.nordfaas.testing.Machine;
import dev.nordfaas.testing.NatsConfigs;
import dev.nordfaas.testing.NatsServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script of the Job, against a real nats-server with TLS and the users of stack oslo. */
class StreamsScriptTest {
  private static final NatsConfig OSLO = Fixtures.oslo().nats();

  @TempDir Path folder;
  private NatsServer server;

  @BeforeAll
  static void needs() {
    Machine.needs("sh", "jq");
  }

  @BeforeEach
  void startServer() {
    server = new NatsServer(folder).configured(OSLO, NatsServer.users()).start();
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  @Test
  void createsStreamsAndConsumers() {
    var result = server.applyStreams(OSLO);

    assertThat(result.stderr()).isEmpty();
    assertThat(result.stdout().lines().skip(1))
        .containsExactly(
            "stream nordfaas-keys: created",
            "stream nordfaas-status: created",
            "stream orders-dlq: created",
            "stream orders: created",
            "consumer orders > order-processor: created");
  }

  @Test
  void saysWhyItWaitsWhereANewPodIsRefusedAtFirst() throws IOException {
    var port = URI.create(server.url()).getPort();
    try (var door = LateDoor.to(port, Duration.ofMillis(1800))) {
      var url = server.url().replace(":" + port, ":" + door.port());
      var result = server.applyStreamsAt(OSLO, url);

      assertThat(result.exitCode()).isZero();
      assertThat(result.stdout().lines().findFirst().orElseThrow())
          .isEqualTo(
              "waiting for NATS at %s, at most 240 s: 0 of 1 servers answer: nats: error: nats: no servers available for connection"
                  .formatted(url));
      assertThat(result.stdout()).contains("stream orders: created");
    }
  }

  @Test
  void changesNothingTheSecondTime() {
    server.applyStreams(OSLO);
    var result = server.applyStreams(OSLO);

    assertThat(result.stderr()).isEmpty();
    assertThat(result.stdout().lines().skip(1)).allMatch(line -> line.endsWith(": unchanged"));
    assertThat(result.exitCode()).isZero();
  }

  @Test
  void changesOnlyWhatDiffers() {
    server.applyStreams(OSLO);
    var consumer = NatsConfigs.consumer("orders.created", "orders.cancelled");
    var result = server.applyStreams(with(Map.of("order-processor", consumer)));

    assertThat(result.stdout().lines().filter(line -> line.endsWith(": changed")))
        .containsExactly("consumer orders > order-processor: changed");
  }

  @Test
  void keepsTheMessagesOfAStreamThatGrows() {
    server.applyStreams(OSLO);
    publish();
    var result = server.applyStreams(new NatsConfigs.Variant().maxBytes("9Gi").config());

    assertThat(result.stdout()).contains("stream orders: changed\n");
    assertThat(server.nats("admin", "stream", "info", "orders", "--json").stdout())
        .contains("\"messages\": 1,");
  }

  @Test
  void statusesAreThereAfterTheServerHasStartedAgain() {
    server.applyStreams(OSLO);
    var stored = server.nats("intake", "request", "status.1", "done");
    assertThat(stored.stdout()).as(stored.stderr()).contains("seq");
    server.close();
    server.start();

    var last = server.nats("admin", "stream", "get", Statuses.STREAM, "--last-for=status.1");
    assertThat(last.stdout()).as(last.stderr()).contains("done");
  }

  @Test
  void makesStatusesInMemoryAnew() {
    server.nats(
        "admin",
        "stream",
        "add",
        Statuses.STREAM,
        "--subjects=status.*",
        "--storage=memory",
        "--max-bytes=1048576",
        "--defaults");

    var result = server.applyStreams(OSLO);

    assertThat(result.stderr()).isEmpty();
    assertThat(result.stdout())
        .contains("stream nordfaas-status: deleted, will be recreated\n")
        .contains("stream nordfaas-status: created\n");
  }

  @Test
  void refusesAnotherRetentionBeforeItChangesAnything() {
    server.applyStreams(OSLO);
    var limits = new NatsConfigs.Variant().retention(Retention.LIMITS).stream();
    var mail = NatsConfigs.stream("mail.>", Map.of());
    var result =
        server.applyStreams(NatsConfigs.withStreams(Map.of("orders", limits, "mail", mail)));

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.stderr())
        .isEqualTo(
            """
            stream orders: refused: retention workqueue cannot become limits
            nothing was changed; undo these changes of the config, or let the workers empty the stream, and run pulumi up again
            """);
    assertThat(server.nats("admin", "stream", "ls", "--names").stdout()).doesNotContain("mail");
  }

  @Test
  void refusesSubjectsThatLeaveMessagesBehind() {
    server.applyStreams(OSLO);
    publish();
    var result =
        server.applyStreams(
            new NatsConfigs.Variant().subjects("invoices.>").consumers(Map.of()).config());

    assertThat(result.stderr())
        .contains(
            "stream orders: refused: subjects leave out orders.created, which has 1 stored"
                + " messages");
  }

  @Test
  void refusesFiltersThatLeaveMessagesWithoutAConsumer() {
    server.applyStreams(OSLO);
    publish();
    var consumer = NatsConfigs.consumer("orders.cancelled");
    var result = server.applyStreams(with(Map.of("order-processor", consumer)));

    assertThat(result.stderr())
        .contains(
            "stream orders: refused: filterSubjects leave 1 messages of orders.created without a"
                + " consumer");
  }

  @Test
  void allowsOtherFiltersOnceTheMessagesAreGone() {
    server.applyStreams(OSLO);
    var consumer = NatsConfigs.consumer("orders.cancelled");
    var result = server.applyStreams(with(Map.of("order-processor", consumer)));

    assertThat(result.stdout()).contains("consumer orders > order-processor: changed");
  }

  @Test
  void refusesASizeThatWouldDeleteTheOldestMessages() {
    var variant = new NatsConfigs.Variant().discard(Discard.OLD);
    server.applyStreams(variant.config());
    publish("x".repeat(2048));
    var result = server.applyStreams(variant.maxBytes("1Ki").config());

    assertThat(result.stderr())
        .containsPattern(
            "stream orders: refused: maxBytes 1024 would delete messages: [0-9]+ bytes are stored");
  }

  @Test
  void refusesANumberThatWouldDeleteTheOldestMessages() {
    var variant = new NatsConfigs.Variant().discard(Discard.OLD);
    server.applyStreams(variant.config());
    publish();
    publish();
    var result = server.applyStreams(variant.maxMsgs(1).config());

    assertThat(result.stderr())
        .contains("stream orders: refused: maxMsgs 1 would delete messages: 2 are stored\n");
  }

  /** NATS would delete them even with discard: new. */
  @Test
  void refusesANumberOfASubjectThatWouldDeleteItsOldestMessages() {
    server.applyStreams(OSLO);
    publish();
    publish();
    var result = server.applyStreams(new NatsConfigs.Variant().maxMsgsPerSubject(1).config());

    assertThat(result.stderr())
        .contains(
            "stream orders: refused: maxMsgsPerSubject 1 would delete messages: 2 of orders.created are stored\n");
  }

  /** NATS would delete at once what every consumer has acked, or none takes. */
  @Test
  void refusesInterestThatWouldDeleteALog() {
    var limits = new NatsConfigs.Variant().retention(Retention.LIMITS);
    server.applyStreams(limits.config());
    publish();
    var result = server.applyStreams(limits.retention(Retention.INTEREST).config());

    assertThat(result.stderr())
        .contains(
            "stream orders: refused: retention interest would delete messages: 1 are stored, and only what a consumer still has to process stays\n");
  }

  @Test
  void refusesAnotherStorage() {
    server.applyStreams(OSLO);
    var result =
        server.applyStreams(new NatsConfigs.Variant().inMemory().maxBytes("16Mi").config());

    assertThat(result.stderr())
        .contains("stream orders: refused: storage file cannot become memory\n");
  }

  @Test
  void refusesAnAgeThatWouldDeleteTheOldestMessages() throws InterruptedException {
    server.applyStreams(OSLO);
    publish();
    Thread.sleep(2500);
    var result =
        server.applyStreams(new NatsConfigs.Variant().maxAge(Duration.ofSeconds(1)).config());

    assertThat(result.stderr()).contains("stream orders: refused: maxAge 1s would delete messages");
  }

  @Test
  void refusesAnAgeThatWouldDeleteDeadLetters() throws InterruptedException {
    server.applyStreams(OSLO);
    assertThat(
            server
                .nats("order-processor", "request", "dlq.orders.order-processor.1.1", "{}")
                .exitCode())
        .isZero();
    Thread.sleep(2500);
    var result =
        server.applyStreams(
            new NatsConfigs.Variant().maxAgeOfDeadLetters(Duration.ofSeconds(1)).config());

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.stderr())
        .containsPattern(
            "stream orders-dlq: refused: deadLetters.maxAge 1s would delete dead letters: the oldest is from [^;]+; first replay or remove them with tools/dead-letters\n");
  }

  @Test
  void changesTheAgeOfDeadLettersThatAreYounger() {
    server.applyStreams(OSLO);
    server.nats("order-processor", "request", "dlq.orders.order-processor.1.1", "{}");
    var result =
        server.applyStreams(
            new NatsConfigs.Variant().maxAgeOfDeadLetters(Duration.ofDays(30)).config());

    assertThat(result.stderr()).isEmpty();
    assertThat(result.stdout()).contains("stream orders-dlq: changed\n");
    assertThat(server.nats("admin", "stream", "info", "orders-dlq", "--json").stdout())
        .contains("\"max_age\": %d".formatted(Duration.ofDays(30).toNanos()))
        .contains("\"messages\": 1,");
  }

  @Test
  void forgetsIdempotencyKeysSoonerWithAShorterDuplicateWindow() throws InterruptedException {
    server.applyStreams(OSLO);
    server.nats("intake", "pub", "idempotency.1", "an id");
    Thread.sleep(2500);
    var result =
        server.applyStreams(new NatsConfigs.Variant().maxAge(Duration.ofSeconds(1)).config());

    assertThat(result.stderr()).isEmpty();
    assertThat(result.stdout()).contains("stream nordfaas-keys: changed\n");
  }

  @Test
  void keepsAStreamThatHasLeftTheConfig() {
    server.applyStreams(OSLO);
    publish();
    var result = server.applyStreams(NatsConfigs.withStreams(Map.of()));

    assertThat(result.stdout())
        .contains("stream orders: no longer in the config, kept, with 1 messages\n");
    assertThat(server.nats("admin", "stream", "ls", "--names").stdout()).contains("orders\n");
  }

  @Test
  void deletesAStreamThatIsNamedForIt() {
    server.applyStreams(OSLO);
    publish();
    var result = server.applyStreams(NatsConfigs.withoutStreams("orders"));

    assertThat(result.stdout())
        .contains("stream orders: deleted, with 1 messages\n")
        .contains("stream orders-dlq: no longer in the config, kept, with 0 messages\n");
    assertThat(server.nats("admin", "stream", "ls", "--names").stdout().lines())
        .contains("orders-dlq")
        .doesNotContain("orders");
  }

  @Test
  void namesAConsumerThatHasLeftTheConfig() {
    server.applyStreams(OSLO);
    publish();
    var result = server.applyStreams(with(Map.of()));

    assertThat(result.stdout())
        .contains(
            "consumer orders > order-processor: no longer in the config, kept, with 1 messages, which the stream keeps for it: nats consumer rm orders order-processor\n");
  }

  @Test
  void letsARunningServerTakeANewUserWithoutARestart() {
    server.applyStreams(OSLO);
    var before = server.processId();
    var users = new ArrayList<>(NatsServer.users());
    users.add(NatsUser.worker("mailer", new NatsWorker("orders", "mailer")));
    server.withPasswordOf("mailer").configured(OSLO, users);
    var result = server.applyStreams(OSLO);

    assertThat(result.stderr()).isEmpty();
    assertThat(server.nats("mailer", "request", "$JS.API.CONSUMER.INFO.orders.mailer", "").stdout())
        .contains("consumer not found");
    assertThat(server.processId()).isEqualTo(before);
    assertThat(server.running()).isTrue();
  }

  @Test
  void letsARunningServerTakeLargerMessages() {
    server.applyStreams(OSLO);
    server.configured(NatsConfigs.withMaxMsgSize("4Mi"), NatsServer.users());
    server.applyStreams(NatsConfigs.withMaxMsgSize("4Mi"));

    assertThat(server.log()).contains("Reloaded: max_payload = 4259840");
  }

  private void publish() {
    publish("{}");
  }

  private void publish(String body) {
    var result = server.nats("intake", "request", "orders.created", body);
    assertThat(result.exitCode()).as(result.stderr()).isZero();
  }

  private static NatsConfig with(Map<String, ConsumerConfig> consumers) {
    return new NatsConfigs.Variant().consumers(consumers).config();
  }
}
