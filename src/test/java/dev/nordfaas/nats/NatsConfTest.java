package dev.nordfaas.nats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.testing.Golden;
import dev.nordfaas.testing.NatsConfigs;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NatsConfTest {
  private static final List<NatsUser> USERS =
      List.of(
          NatsUser.admin(List.of("orders.>")),
          NatsUser.intake(List.of("orders.created")),
          NatsUser.worker("order-processor", new NatsWorker("orders", "order-processor")));

  @Test
  void singleServerSyncsEveryMessageAndHasNoCluster() {
    Golden.assertMatches("nats/single/nats.conf", NatsConf.of(NatsConfigs.single(), USERS));
  }

  @Test
  void clusterHasRoutesWithAPasswordFromTheEnvironment() {
    Golden.assertMatches("nats/cluster/nats.conf", NatsConf.of(NatsConfigs.cluster(), USERS));
  }

  @Test
  void largestPayloadHasRoomForADeadLettersHeaders() {
    assertThat(NatsConf.maxPayload(NatsConfigs.single())).isEqualTo((1 << 20) + (64 << 10));
  }

  @Test
  void largestPayloadIsAtLeastTheDefaultOfTheServer() {
    assertThat(NatsConf.maxPayload(NatsConfigs.withStreams(Map.of()))).isEqualTo(1 << 20);
  }

  @Test
  void leavesATenthOfTheVolumeFree() {
    assertThat(NatsConf.maxFileStore(NatsConfigs.single())).isEqualTo(18L << 30);
  }

  @Test
  void intakeWithoutSubjectsMayPublishNothing() {
    assertThat(NatsConf.of(NatsConfigs.single(), List.of(NatsUser.intake(List.of()))))
        .contains("publish { deny: \">\" }");
  }
}
