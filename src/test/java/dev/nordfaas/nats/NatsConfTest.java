package dev.nordfaas.nats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.testing.Fixtures;
import dev.nordfaas.testing.Golden;
import dev.nordfaas.testing.NatsConfigs;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NatsConfTest {
  private static final List<NatsUser> USERS =
      List.of(
          NatsUser.admin(List.of("orders.>")),
          NatsUser.deadLetters(Fixtures.oslo().nats().streams()),
          NatsUser.intake(List.of("orders.created")),
          NatsUser.worker("order-processor", new NatsWorker("orders", "order-processor")));

  @Test
  void singleServerSyncsEveryMessageAndHasNoCluster() {
    Golden.assertMatches("nats/oslo/nats.conf", NatsConf.of(Fixtures.oslo().nats(), USERS));
  }

  @Test
  void clusterHasRoutesWithAPasswordFromTheEnvironment() {
    Golden.assertMatches("nats/bergen/nats.conf", NatsConf.of(Fixtures.bergen().nats(), USERS));
  }

  @Test
  void largestPayloadHasRoomForADeadLettersHeaders() {
    assertThat(NatsConf.maxPayload(Fixtures.oslo().nats())).isEqualTo((1 << 20) + (64 << 10));
  }

  @Test
  void largestPayloadIsAtLeastTheDefaultOfTheServer() {
    assertThat(NatsConf.maxPayload(NatsConfigs.withStreams(Map.of()))).isEqualTo(1 << 20);
  }

  @Test
  void leavesATenthOfTheVolumeFree() {
    assertThat(NatsConf.maxFileStore(Fixtures.oslo().nats())).isEqualTo(18L << 30);
  }

  @Test
  void intakeWithoutSubjectsMayPublishNothing() {
    assertThat(NatsConf.of(Fixtures.oslo().nats(), List.of(NatsUser.intake(List.of()))))
        .contains("publish { deny: \">\" }");
  }
}
