package dev.nordfaas.nats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.NatsConfig;
import dev.nordfaas.testing.Fixtures;
import dev.nordfaas.testing.Machine;
import dev.nordfaas.testing.NatsConfigs;
import dev.nordfaas.testing.NatsServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a nats-server makes of the values that the preview refuses, and of the last it allows. */
class JetStreamBoundsTest {
  private static final NatsConfig OSLO = Fixtures.oslo().nats();

  @TempDir Path folder;
  private NatsServer server;

  @BeforeAll
  static void needs() {
    Machine.needs("sh", "jq");
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "duplicate_window: 0        | .config.duplicate_window | 120000000000",
        "duplicate_window: 50000000 | .error.description       | duplicates window needs to be >= 100ms",
        "max_msg_size: 0            | .config.max_msg_size     | -1",
        "max_bytes: 0               | .error.description       | account requires a stream config to have max bytes set",
        "subjects: [\"t.a\",\"t.*\"]| .error.description       | subject \"t.a\" overlaps with \"t.*\"",
      })
  void replacesOrRefusesInAStream(String setting, String field, String value) {
    start(OSLO);

    assertThat(
            api(
                "STREAM.CREATE.t",
                "{name: \"t\", subjects: [\"t.>\"], max_bytes: 1048576, storage: \"file\"} + {%s}"
                    .formatted(setting),
                field))
        .isEqualTo(value);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ack_wait: 0 | .config.ack_wait | 30000000000",
        "filter_subjects: [\"orders.a\", \"orders.*\"] | .error.description | consumer subject filters cannot overlap",
      })
  void replacesOrRefusesInAConsumer(String setting, String field, String value) {
    start(OSLO);
    server.applyStreams(new NatsConfigs.Variant().consumers(Map.of()).config());

    assertThat(
            api(
                "CONSUMER.DURABLE.CREATE.orders.t",
                "{stream_name: \"orders\", config: ({durable_name: \"t\", ack_policy: \"explicit\"} + {%s})}"
                    .formatted(setting),
                field))
        .isEqualTo(value);
  }

  @Test
  void startsWithTheLargestMessagesAndStoresTheirDeadLetters() {
    var largest = NatsConfigs.withMaxMsgSize("31Mi");
    start(largest);
    assertThat(server.applyStreams(largest).stderr()).isEmpty();

    assertThat(
            publish("order-processor", "dlq.orders.order-processor.1.1", (31 << 20) + (60 << 10)))
        .contains("\"seq\":1");
  }

  @Test
  void storesNothingAbove32MiB() {
    var larger = NatsConfigs.withMaxMsgSize("40Mi");
    start(larger);
    server.applyStreams(larger);

    assertThat(publish("intake", "orders.created", 32 << 20)).contains("message too large");
  }

  @Test
  void doesNotStartWithMessagesOf64MiB() throws InterruptedException {
    server =
        new NatsServer(folder)
            .configured(NatsConfigs.withMaxMsgSize("64Mi"), NatsServer.users())
            .start();
    for (var tries = 0; server.running() && tries < 100; tries++) {
      Thread.sleep(100);
    }

    assertThat(server.running()).isFalse();
    assertThat(server.log())
        .contains("max_payload (67174400) cannot be higher than max_pending (67108864)");
  }

  @Test
  void refusesTheNewMessageAtEachLimit() {
    start(OSLO);
    server.applyStreams(new NatsConfigs.Variant().maxMsgsPerSubject(2).config());
    assertThat(publish("intake", "orders.created", 1)).contains("\"seq\":1");
    assertThat(publish("intake", "orders.created", 1)).contains("\"seq\":2");
    assertThat(publish("intake", "orders.created", 1))
        .contains("maximum messages per subject exceeded");

    server.applyStreams(new NatsConfigs.Variant().maxMsgs(2).config());
    assertThat(publish("intake", "orders.created", 1)).contains("maximum messages exceeded");
  }

  @Test
  void holdsStreamsInMemoryUntilItRestarts() {
    var memory = new NatsConfigs.Variant().inMemory().maxBytes("300Mi").config();
    start(memory);
    assertThat(server.applyStreams(memory).stderr()).isEmpty();
    assertThat(publish("intake", "orders.created", 1)).contains("\"seq\":1");
    server.close();
    server.start();

    assertThat(server.applyStreams(memory).stdout()).contains("stream orders: ");
    assertThat(api("STREAM.INFO.orders", "{}", ".state.messages")).isEqualTo("0");
    assertThat(api("STREAM.INFO.orders-dlq", "{}", ".config.storage")).isEqualTo("file");
  }

  @Test
  void acceptsAnAgeWithoutALimit() {
    var unlimited = new NatsConfigs.Variant().maxAge(Duration.ZERO).config();
    start(unlimited);
    assertThat(server.applyStreams(unlimited).stderr()).isEmpty();

    assertThat(api("STREAM.INFO.orders", "{}", ".config.max_age")).isEqualTo("0");
    assertThat(server.applyStreams(unlimited).stdout()).contains("stream orders: unchanged");
  }

  private void start(NatsConfig config) {
    server = new NatsServer(folder).configured(config, NatsServer.users()).start();
    server.awaitPort();
  }

  /** A field of JetStream's answer; the body is an expression of jq. */
  private String api(String request, String body, String field) {
    var result =
        server.shell(
            "admin",
            "jq -nc '%s' | nats --inbox-prefix=_INBOX_admin req '$JS.API.%s' --raw 2>/dev/null | jq -r '%s'"
                .formatted(body, request, field));
    return result.stdout().strip();
  }

  private String publish(String role, String subject, int bytes) {
    return server
        .shell(
            role,
            "head -c %d /dev/zero | nats --inbox-prefix=_INBOX_%s --timeout=20s req '%s' --raw"
                .formatted(bytes, role, subject))
        .stdout();
  }
}
