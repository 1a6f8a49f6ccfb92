package dev.nordfaas.testing;

import dev.nordfaas.config.ByteSize;
import dev.nordfaas.config.NatsConfig;
import dev.nordfaas.config.NatsConfig.ConsumerConfig;
import dev.nordfaas.config.NatsConfig.StreamConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Variants of the section {@code nats} of stack {@code oslo}. */
public final class NatsConfigs {
  private static final NatsConfig OSLO = Fixtures.oslo().nats();
  private static final StreamConfig ORDERS = OSLO.streams().get("orders");

  private NatsConfigs() {}

  /** The same servers with other streams. */
  public static NatsConfig withStreams(Map<String, StreamConfig> streams) {
    return new NatsConfig(
        OSLO.image(),
        OSLO.toolsImage(),
        OSLO.replicas(),
        OSLO.storage(),
        OSLO.syncInterval(),
        OSLO.resources(),
        streams);
  }

  /** The same servers and consumers, with a larger message in the stream {@code orders}. */
  public static NatsConfig withMaxMsgSize(String size) {
    return withStreams(
        Map.of("orders", stream(ORDERS.subjects(), ByteSize.parse(size), ORDERS.consumers())));
  }

  /** A stream like {@code orders} with other subjects and consumers. */
  public static StreamConfig stream(String subject, Map<String, ConsumerConfig> consumers) {
    return stream(List.of(subject), ORDERS.maxMsgSize(), consumers);
  }

  /** A consumer with an ack wait of 60 s and 5 deliveries, a second apart. */
  public static ConsumerConfig consumer(String... filterSubjects) {
    var second = Duration.ofSeconds(1);
    return new ConsumerConfig(
        List.of(filterSubjects), Duration.ofSeconds(60), 5, List.of(second), 1000);
  }

  private static StreamConfig stream(
      List<String> subjects, ByteSize maxMsgSize, Map<String, ConsumerConfig> consumers) {
    return new StreamConfig(
        subjects,
        ORDERS.retention(),
        ORDERS.discard(),
        ORDERS.maxBytes(),
        ORDERS.maxAge(),
        maxMsgSize,
        ORDERS.duplicateWindow(),
        Optional.empty(),
        ORDERS.allowAtomicPublish(),
        consumers);
  }
}
