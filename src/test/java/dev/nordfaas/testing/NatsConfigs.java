package dev.nordfaas.testing;

import dev.nordfaas.config.ByteSize;
import dev.nordfaas.config.Cpu;
import dev.nordfaas.config.NatsConfig;
import dev.nordfaas.config.NatsConfig.ConsumerConfig;
import dev.nordfaas.config.NatsConfig.Discard;
import dev.nordfaas.config.NatsConfig.Retention;
import dev.nordfaas.config.NatsConfig.StreamConfig;
import dev.nordfaas.config.ResourcesConfig;
import dev.nordfaas.config.StorageConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Sections {@code nats} of a stack config. */
public final class NatsConfigs {
  private NatsConfigs() {}

  /** One server, stream {@code orders} with consumer {@code order-processor}. */
  public static NatsConfig single() {
    return of(1, Duration.ZERO, Map.of("orders", orders()));
  }

  /** Three servers, the same stream. */
  public static NatsConfig cluster() {
    return of(3, Duration.ofSeconds(2), Map.of("orders", orders()));
  }

  public static NatsConfig withStreams(Map<String, StreamConfig> streams) {
    return of(1, Duration.ZERO, streams);
  }

  private static NatsConfig of(
      int replicas, Duration syncInterval, Map<String, StreamConfig> streams) {
    return new NatsConfig(
        "docker.io/library/nats:2.14.5-alpine",
        "docker.io/natsio/nats-box:0.19.3-nonroot",
        replicas,
        new StorageConfig(ByteSize.parse("20Gi"), "local-path"),
        syncInterval,
        new ResourcesConfig(
            new ResourcesConfig.Requests(Cpu.parse("250m"), ByteSize.parse("512Mi")),
            new ResourcesConfig.Limits(Optional.empty(), ByteSize.parse("1Gi"))),
        streams);
  }

  /** A work queue of 8 GiB. */
  public static StreamConfig orders() {
    return orders("1Mi");
  }

  /** The same work queue with another largest message. */
  public static StreamConfig orders(String maxMsgSize) {
    return stream(
        "orders.>",
        maxMsgSize,
        Map.of(
            "order-processor",
            consumer(
                List.of("orders.created"),
                List.of(Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofMinutes(2)))));
  }

  public static StreamConfig stream(String subject, Map<String, ConsumerConfig> consumers) {
    return stream(subject, "1Mi", consumers);
  }

  private static StreamConfig stream(
      String subject, String maxMsgSize, Map<String, ConsumerConfig> consumers) {
    return new StreamConfig(
        List.of(subject),
        Retention.WORKQUEUE,
        Discard.NEW,
        ByteSize.parse("8Gi"),
        Duration.ofDays(7),
        ByteSize.parse(maxMsgSize),
        Duration.ofMinutes(5),
        Optional.empty(),
        consumers);
  }

  public static ConsumerConfig consumer(List<String> filterSubjects, List<Duration> backoff) {
    return new ConsumerConfig(filterSubjects, Duration.ofSeconds(60), 5, backoff, 1000);
  }
}
