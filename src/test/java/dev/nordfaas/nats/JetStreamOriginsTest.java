package dev.nordfaas.nats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.NatsConfig;
import dev.nordfaas.config.NatsConfig.Retention;
import dev.nordfaas.testing.Fixtures;
import dev.nordfaas.testing.NatsConfigs;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JetStreamOriginsTest {
  private static final NatsConfig SINGLE = Fixtures.oslo().nats();
  private static final NatsConfig CLUSTER = Fixtures.bergen().nats();

  @Test
  void allowsWhatIsAsItWas() {
    assertThat(JetStreamOrigins.refusalOfServers(SINGLE, JetStreamOrigins.ofServers(SINGLE)))
        .isEmpty();
    assertThat(JetStreamOrigins.refusalOfStreams(SINGLE, JetStreamOrigins.ofStreams(SINGLE)))
        .isEmpty();
  }

  @Test
  void refusesASingleServerInPlaceOfACluster() {
    assertThat(JetStreamOrigins.refusalOfServers(SINGLE, JetStreamOrigins.ofServers(CLUSTER)))
        .hasValue(
            "nordfaas:nats.replicas: several replicas cannot become 1 replica in place, since nats-server deletes streams that its cluster does not know; undo it, or move the streams as described in docs/async.md");
  }

  @Test
  void allowsLimitsInPlaceOfInterest() {
    var interest = new NatsConfigs.Variant().retention(Retention.INTEREST).config();
    var limits = new NatsConfigs.Variant().retention(Retention.LIMITS).config();

    assertThat(JetStreamOrigins.refusalOfStreams(limits, JetStreamOrigins.ofStreams(interest)))
        .isEmpty();
  }

  @Test
  void refusesMemoryInPlaceOfFiles() {
    var memory = new NatsConfigs.Variant().inMemory().config();

    assertThat(JetStreamOrigins.refusalOfStreams(memory, Map.of("orders", "workqueue")))
        .hasValue(
            "nordfaas:nats.streams.orders.storage: file cannot become memory in place; undo it, or use a stream with another name");
    assertThat(JetStreamOrigins.refusalOfStreams(SINGLE, JetStreamOrigins.ofStreams(memory)))
        .hasValue(
            "nordfaas:nats.streams.orders.storage: memory cannot become file in place; undo it, or use a stream with another name");
  }

  @Test
  void refusesBothAtOnce() {
    var memory = new NatsConfigs.Variant().inMemory().retention(Retention.LIMITS).config();

    assertThat(JetStreamOrigins.refusalOfStreams(memory, JetStreamOrigins.ofStreams(SINGLE)))
        .hasValue(
            """
            nordfaas:nats.streams.orders.retention: workqueue cannot become interest or limits in place; undo it, or use a stream with another name
            nordfaas:nats.streams.orders.storage: file cannot become memory in place; undo it, or use a stream with another name""");
  }

  @Test
  void comparesNothingWithWhatIsNotKnown() {
    assertThat(JetStreamOrigins.refusalOfServers(SINGLE, "")).isEmpty();
    assertThat(JetStreamOrigins.refusalOfStreams(SINGLE, Map.of("orders", ""))).isEmpty();
    assertThat(JetStreamOrigins.refusalOfStreams(SINGLE, Map.of())).isEmpty();
  }
}
