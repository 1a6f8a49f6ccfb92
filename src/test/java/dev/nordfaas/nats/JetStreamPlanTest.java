package dev.nordfaas.nats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.NatsConfig;
import dev.nordfaas.testing.Golden;
import dev.nordfaas.testing.NatsConfigs;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JetStreamPlanTest {
  @Test
  void writesOneFileForEachStreamAndConsumer() {
    assertFilesMatch("nats/single/plan", NatsConfigs.single());
  }

  @Test
  void streamsHaveAsManyReplicasAsThereAreServers() {
    assertFilesMatch("nats/cluster/plan", NatsConfigs.cluster());
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
  void makesNoDeadLettersWhereNobodyConsumes() {
    var config = NatsConfigs.withStreams(Map.of("audit", NatsConfigs.stream("audit.>", Map.of())));

    assertThat(JetStreamPlan.files(config)).containsOnlyKeys("stream.audit.json");
  }

  @Test
  void reservesRoomForTheStreamAndItsDeadLetters() {
    assertThat(JetStreamPlan.reservedBytes(NatsConfigs.single())).isEqualTo(9L << 30);
  }

  private static void assertFilesMatch(String folder, NatsConfig config) {
    JetStreamPlan.files(config)
        .forEach((file, json) -> Golden.assertMatches(folder + "/" + file, json));
  }
}
