package dev.nordfaas.nats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.NatsConfig;
import dev.nordfaas.testing.Fixtures;
import dev.nordfaas.testing.Golden;
import dev.nordfaas.testing.NatsConfigs;
import java.time.Duration;
import java.util.List;
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
  void takesTheAckWaitWhereThereIsNoBackoffAndEveryFilter() {
    var consumer = NatsConfigs.consumer(List.of("mail.sent", "mail.bounced"), List.of());
    assertFilesMatch(
        "nats/mail/plan",
        NatsConfigs.withStreams(
            Map.of("mail", NatsConfigs.stream("mail.*", Map.of("mailer", consumer)))));
  }

  @Test
  void firstStepOfTheBackoffIsTheAckWait() {
    var backoff = List.of(Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofMinutes(2));
    var consumer = NatsConfigs.consumer(List.of(), backoff);
    var files =
        JetStreamPlan.files(
            NatsConfigs.withStreams(
                Map.of("mail", NatsConfigs.stream("mail.>", Map.of("mailer", consumer)))));

    assertThat(files.get("consumer.mail.mailer.json"))
        .contains("\"ack_wait\" : 10000000000,")
        .contains("\"backoff\" : [ 10000000000, 30000000000, 120000000000 ]");
  }

  @Test
  void makesNoDeadLettersWhereNobodyConsumes() {
    var config = NatsConfigs.withStreams(Map.of("audit", NatsConfigs.stream("audit.>", Map.of())));

    assertThat(JetStreamPlan.files(config)).containsOnlyKeys("stream.audit.json");
  }

  @Test
  void reservesRoomForTheStreamAndItsDeadLetters() {
    assertThat(JetStreamPlan.reservedBytes(Fixtures.oslo().nats())).isEqualTo(9L << 30);
  }

  private static void assertFilesMatch(String folder, NatsConfig config) {
    JetStreamPlan.files(config)
        .forEach((file, json) -> Golden.assertMatches(folder + "/" + file, json));
  }
}
