package dev.nordfaas.nats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.NatsConfig;
import dev.nordfaas.config.NatsConfig.Discard;
import dev.nordfaas.testing.Fixtures;
import dev.nordfaas.testing.Golden;
import dev.nordfaas.testing.NatsConfigs;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JetStreamPlanTest {
  @Test
  void writesOneFileForEachStreamAndConsumer() {
    assertFilesMatch("nats/oslo/plan", Fixtures.oslo().nats());
  }

  @Test
  void streamsHaveAsManyReplicasAsThereAreServers() {
    assertFilesMatch("nats/bergen/plan", Fixtures.bergen().nats());
  }

  @Test
  void takesEveryFilter() {
    var consumer = NatsConfigs.consumer("mail.sent", "mail.bounced");
    assertFilesMatch(
        "nats/mail/plan",
        NatsConfigs.withStreams(
            Map.of("mail", NatsConfigs.stream("mail.*", Map.of("mailer", consumer)))));
  }

  @Test
  void leavesBackoffAndTheCountOfDeliveriesToTheWorker() {
    assertThat(
            JetStreamPlan.files(Fixtures.oslo().nats()).get("consumer.orders.order-processor.json"))
        .contains("\"ack_wait\" : 60000000000,")
        .contains("\"max_deliver\" : -1,")
        .doesNotContain("backoff");
  }

  @Test
  void takesBatchesWhereEachMessageIsSynced() {
    assertThat(JetStreamPlan.files(Fixtures.oslo().nats()).get("stream.orders.json"))
        .contains("\"allow_atomic\" : true");
  }

  @Test
  void takesNoBatchesWhereTheyShareNoSync() {
    var config = NatsConfigs.withSyncInterval(Duration.ofSeconds(5));

    assertThat(JetStreamPlan.files(config).get("stream.orders.json"))
        .contains("\"allow_atomic\" : false");
  }

  @Test
  void keepsDeadLettersForEverByDefault() {
    assertThat(JetStreamPlan.files(Fixtures.oslo().nats()).get("stream.orders-dlq.json"))
        .contains("\"discard\" : \"new\",")
        .contains("\"max_age\" : 0,");
  }

  @Test
  void keepsDeadLettersAsLongAsTheConfigSays() {
    var config = new NatsConfigs.Variant().maxAgeOfDeadLetters(Duration.ofDays(30)).config();

    assertThat(JetStreamPlan.files(config).get("stream.orders-dlq.json"))
        .contains("\"max_age\" : 2592000000000000,");
  }

  @Test
  void makesNoDeadLettersWhereNobodyConsumes() {
    var config = NatsConfigs.withStreams(Map.of("audit", NatsConfigs.stream("audit.>", Map.of())));

    assertThat(JetStreamPlan.files(config))
        .containsOnlyKeys(
            "stream.audit.json", "stream.nordfaas-keys.json", "stream.nordfaas-status.json");
  }

  @Test
  void keepsEveryLimitFromDeletingWhereTheNewMessageIsRefused() {
    var limited = new NatsConfigs.Variant().maxMsgs(10).maxMsgsPerSubject(5);

    assertThat(JetStreamPlan.files(limited.config()).get("stream.orders.json"))
        .contains("\"max_msgs\" : 10,")
        .contains("\"max_msgs_per_subject\" : 5,")
        .contains("\"discard_new_per_subject\" : true");
    assertThat(JetStreamPlan.files(limited.discard(Discard.OLD).config()).get("stream.orders.json"))
        .contains("\"max_msgs_per_subject\" : 5,")
        .doesNotContain("discard_new_per_subject");
  }

  @Test
  void reservesMemoryForStreamsInMemoryAndDiskForTheirDeadLetters() {
    var memory = new NatsConfigs.Variant().inMemory().maxBytes("256Mi").config();

    assertThat(JetStreamPlan.reservedMemoryBytes(memory)).isEqualTo(256L << 20);
    assertThat(JetStreamPlan.reservedBytes(memory))
        .isEqualTo((32L << 20) + Statuses.MAX_BYTES + IdempotencyKeys.MAX_BYTES);
    assertThat(NatsConf.restartingPart(memory)).contains("max_memory_store: 320MiB");
  }

  @Test
  void hasRoomForAFewOfTheLargestDeadLetters() {
    var large = new NatsConfigs.Variant().maxMsgSize("16Mi").maxBytes("64Mi").stream();

    assertThat(DeadLetters.maxBytes(large)).isEqualTo(4 * ((16L << 20) + (64 << 10)));
  }

  @Test
  void reservesRoomForAllStreams() {
    assertThat(JetStreamPlan.reservedBytes(Fixtures.oslo().nats()))
        .isEqualTo((9L << 30) + Statuses.MAX_BYTES + IdempotencyKeys.MAX_BYTES);
  }

  @Test
  void keepsKeysAsLongAsTheLongestDuplicateWindow() {
    assertThat(JetStreamPlan.files(Fixtures.oslo().nats()).get("stream.nordfaas-keys.json"))
        .contains("\"max_age\" : 300000000000,");
  }

  private static void assertFilesMatch(String folder, NatsConfig config) {
    JetStreamPlan.files(config)
        .forEach((file, json) -> Golden.assertMatches(folder + "/" + file, json));
  }
}
