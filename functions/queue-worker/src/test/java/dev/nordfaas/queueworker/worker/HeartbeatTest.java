package dev.nordfaas.queueworker.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.nats.client.api.ConsumerConfiguration;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class HeartbeatTest {
  @Test
  void beatsThreeTimesWithinTheAckWait() {
    assertThat(Worker.beat(ConsumerConfiguration.builder().ackWait(6000).build()))
        .isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void beatsThreeTimesWithinTheShortestStepOfABackoff() {
    var consumer = ConsumerConfiguration.builder().ackWait(6000).backoff(3000, 300, 9000).build();

    assertThat(Worker.beat(consumer)).isEqualTo(Duration.ofMillis(100));
  }

  @Test
  void beatsAtLeastEveryTenSeconds() {
    assertThat(Worker.beat(ConsumerConfiguration.builder().ackWait(600_000).build()))
        .isEqualTo(Duration.ofSeconds(10));
  }
}
