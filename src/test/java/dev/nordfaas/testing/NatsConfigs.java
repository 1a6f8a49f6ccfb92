package dev.nordfaas.testing;

import dev.nordfaas.config.ByteSize;
import dev.nordfaas.config.NatsConfig;
import dev.nordfaas.config.NatsConfig.ConsumerConfig;
import dev.nordfaas.config.NatsConfig.DeadLettersConfig;
import dev.nordfaas.config.NatsConfig.Discard;
import dev.nordfaas.config.NatsConfig.Retention;
import dev.nordfaas.config.NatsConfig.Storage;
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
    return with(streams, List.of());
  }

  /** The same servers without streams, of which some are to be deleted. */
  public static NatsConfig withoutStreams(String... deleted) {
    return with(Map.of(), List.of(deleted));
  }

  /** The same servers and streams, with an exporter. */
  public static NatsConfig withExporter(String image) {
    return new NatsConfig(
        OSLO.image(),
        OSLO.toolsImage(),
        Optional.of(image),
        OSLO.replicas(),
        OSLO.storage(),
        OSLO.syncInterval(),
        OSLO.resources(),
        OSLO.streams(),
        List.of());
  }

  /** The same servers and streams, which sync what they store at another interval. */
  public static NatsConfig withSyncInterval(Duration interval) {
    return new NatsConfig(
        OSLO.image(),
        OSLO.toolsImage(),
        OSLO.exporterImage(),
        OSLO.replicas(),
        OSLO.storage(),
        interval,
        OSLO.resources(),
        OSLO.streams(),
        List.of());
  }

  /** The same servers and consumers, with a larger message in the stream {@code orders}. */
  public static NatsConfig withMaxMsgSize(String size) {
    return withStreams(Map.of("orders", new Variant().maxMsgSize(size).stream()));
  }

  /** A stream like {@code orders} with other subjects and consumers. */
  public static StreamConfig stream(String subject, Map<String, ConsumerConfig> consumers) {
    return new Variant().subjects(subject).consumers(consumers).stream();
  }

  /** A consumer with an ack wait of 60 s and 5 deliveries, a second apart. */
  public static ConsumerConfig consumer(String... filterSubjects) {
    var second = Duration.ofSeconds(1);
    return new ConsumerConfig(
        List.of(filterSubjects), Duration.ofSeconds(60), 5, List.of(second), 1000);
  }

  private static NatsConfig with(Map<String, StreamConfig> streams, List<String> deleted) {
    return new NatsConfig(
        OSLO.image(),
        OSLO.toolsImage(),
        OSLO.exporterImage(),
        OSLO.replicas(),
        OSLO.storage(),
        OSLO.syncInterval(),
        OSLO.resources(),
        streams,
        deleted);
  }

  /** A variant of the stream {@code orders}. */
  public static final class Variant {
    private List<String> subjects = ORDERS.subjects();
    private Retention retention = ORDERS.retention();
    private Discard discard = ORDERS.discard();
    private Storage storage = ORDERS.storage();
    private ByteSize maxBytes = ORDERS.maxBytes();
    private Optional<Integer> maxMsgs = ORDERS.maxMsgs();
    private Optional<Integer> maxMsgsPerSubject = ORDERS.maxMsgsPerSubject();
    private Duration maxAge = ORDERS.maxAge();
    private ByteSize maxMsgSize = ORDERS.maxMsgSize();
    private Map<String, ConsumerConfig> consumers = ORDERS.consumers();
    private DeadLettersConfig deadLetters = ORDERS.deadLetters();

    /** Other subjects. */
    public Variant subjects(String... subjects) {
      this.subjects = List.of(subjects);
      return this;
    }

    /** Another retention. */
    public Variant retention(Retention retention) {
      this.retention = retention;
      return this;
    }

    /** Another behaviour at a limit. */
    public Variant discard(Discard discard) {
      this.discard = discard;
      return this;
    }

    /** In memory instead of files. */
    public Variant inMemory() {
      this.storage = Storage.MEMORY;
      return this;
    }

    /** So many messages at most. */
    public Variant maxMsgs(int limit) {
      this.maxMsgs = Optional.of(limit);
      return this;
    }

    /** So many messages of each subject at most. */
    public Variant maxMsgsPerSubject(int limit) {
      this.maxMsgsPerSubject = Optional.of(limit);
      return this;
    }

    /** Another size. */
    public Variant maxBytes(String size) {
      this.maxBytes = ByteSize.parse(size);
      return this;
    }

    /** Another age; the duplicate window is no longer than that. */
    public Variant maxAge(Duration age) {
      this.maxAge = age;
      return this;
    }

    /** Another largest message. */
    public Variant maxMsgSize(String size) {
      this.maxMsgSize = ByteSize.parse(size);
      return this;
    }

    /** Other consumers. */
    public Variant consumers(Map<String, ConsumerConfig> consumers) {
      this.consumers = consumers;
      return this;
    }

    /** Another age at which dead letters are deleted. */
    public Variant maxAgeOfDeadLetters(Duration age) {
      this.deadLetters = new DeadLettersConfig(age);
      return this;
    }

    /** The stream. */
    public StreamConfig stream() {
      var window = ORDERS.duplicateWindow();
      return new StreamConfig(
          subjects,
          retention,
          discard,
          storage,
          maxBytes,
          maxMsgs,
          maxMsgsPerSubject,
          maxAge,
          maxMsgSize,
          !maxAge.isZero() && window.compareTo(maxAge) > 0 ? maxAge : window,
          Optional.empty(),
          ORDERS.allowAtomicPublish(),
          consumers,
          deadLetters);
    }

    /** The servers of stack {@code oslo} with this stream alone. */
    public NatsConfig config() {
      return withStreams(Map.of("orders", stream()));
    }
  }
}
