package dev.nordfaas.nats;

import dev.nordfaas.config.NatsConfig;
import dev.nordfaas.config.NatsConfig.ConsumerConfig;
import dev.nordfaas.config.NatsConfig.Discard;
import dev.nordfaas.config.NatsConfig.Storage;
import dev.nordfaas.config.NatsConfig.StreamConfig;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The streams and consumers, as the JSON files that {@code nats stream add --config} and {@code
 * nats consumer add --config} expect.
 *
 * <p>Each file includes everything that the server would fill in, so that {@code nats stream edit
 * --dry-run} only shows real differences. Durations are in nanoseconds, sizes in bytes.
 */
public final class JetStreamPlan {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  /** The server's value for "no limit". */
  private static final int UNLIMITED = -1;

  /** Pull requests that may wait at a consumer: the server's own default. */
  public static final int MAX_WAITING = 512;

  /**
   * The worker counts the deliveries: a message that the server stopped delivering would be stuck.
   */
  private static final int NEVER_GIVE_UP = -1;

  /** Shows where a stream or consumer comes from. */
  private static final Map<String, String> METADATA = Map.of("managed-by", "nordfaas");

  /** How long a dead letter's Nats-Msg-Id is remembered: the server's own default. */
  private static final Duration DEAD_LETTER_WINDOW = Duration.ofMinutes(2);

  private JetStreamPlan() {}

  /**
   * The files by name: {@code stream.<stream>.json} and {@code consumer.<stream>.<durable>.json}.
   * None of the names contains a dot.
   */
  public static SortedMap<String, String> files(NatsConfig config) {
    var files = new TreeMap<String, String>();
    config
        .streams()
        .forEach(
            (name, stream) -> {
              var replicas = stream.replicas().orElse(config.replicas());
              files.put(streamFile(name), json(stream(config, name, stream, replicas)));
              if (DeadLetters.needed(stream)) {
                files.put(
                    streamFile(DeadLetters.stream(name)),
                    json(deadLetters(name, stream, replicas)));
              }
              stream
                  .consumers()
                  .forEach(
                      (durable, consumer) ->
                          files.put(
                              "consumer.%s.%s.json".formatted(name, durable),
                              json(consumer(durable, consumer))));
            });
    files.put(streamFile(Statuses.STREAM), json(statuses(config.replicas())));
    files.put(streamFile(IdempotencyKeys.STREAM), json(idempotencyKeys(config)));
    return files;
  }

  /** The names of all streams in the files. */
  public static Set<String> streams(NatsConfig config) {
    var names = new TreeSet<>(Set.of(Statuses.STREAM, IdempotencyKeys.STREAM));
    config
        .streams()
        .forEach(
            (name, stream) -> {
              names.add(name);
              if (DeadLetters.needed(stream)) {
                names.add(DeadLetters.stream(name));
              }
            });
    return names;
  }

  /**
   * How much of {@link NatsConf#maxFileStore} the streams may take on a server that has a copy of
   * each, in bytes: JetStream refuses a stream that it could not hold when full.
   */
  public static long reservedBytes(NatsConfig config) {
    return config.streams().values().stream()
            .mapToLong(
                stream ->
                    (stream.storage() == Storage.FILE ? stream.maxBytes().bytes() : 0)
                        + (DeadLetters.needed(stream) ? DeadLetters.maxBytes(stream) : 0))
            .sum()
        + Statuses.MAX_BYTES
        + IdempotencyKeys.MAX_BYTES;
  }

  /** The same of {@link NatsConf#maxMemoryStore}. Dead letters are always in files. */
  public static long reservedMemoryBytes(NatsConfig config) {
    return config.streams().values().stream()
        .filter(stream -> stream.storage() == Storage.MEMORY)
        .mapToLong(stream -> stream.maxBytes().bytes())
        .sum();
  }

  private static String streamFile(String name) {
    return "stream.%s.json".formatted(name);
  }

  private static Map<String, Object> stream(
      NatsConfig nats, String name, StreamConfig config, int replicas) {
    var stream = stream(name, config.subjects(), replicas);
    stream.put("retention", lowerCase(config.retention()));
    stream.put("discard", lowerCase(config.discard()));
    stream.put("storage", lowerCase(config.storage()));
    stream.put("max_bytes", config.maxBytes().bytes());
    config.maxMsgs().ifPresent(limit -> stream.put("max_msgs", limit));
    config.maxMsgsPerSubject().ifPresent(limit -> limitSubjects(stream, limit, config.discard()));
    stream.put("max_age", config.maxAge().toNanos());
    stream.put("max_msg_size", config.maxMsgSize().bytes());
    stream.put("duplicate_window", config.duplicateWindow().toNanos());
    stream.put("allow_atomic", config.allowAtomicPublish().orElse(nats.syncInterval().isZero()));
    return stream;
  }

  /**
   * Without {@code discard_new_per_subject} this limit would delete the oldest, whatever discard
   * says.
   */
  private static void limitSubjects(Map<String, Object> stream, int limit, Discard discard) {
    stream.put("max_msgs_per_subject", limit);
    if (discard == Discard.NEW) {
      stream.put("discard_new_per_subject", true);
    }
  }

  /**
   * Dead letters stay until somebody handles them, unless the config sets a maximum age. When their
   * stream is full, the worker cannot write another, and the message stays where it is: nothing is
   * lost.
   */
  private static Map<String, Object> deadLetters(String name, StreamConfig config, int replicas) {
    var stream = stream(DeadLetters.stream(name), List.of(DeadLetters.subjects(name)), replicas);
    stream.put("retention", "limits");
    stream.put("discard", "new");
    stream.put("max_bytes", DeadLetters.maxBytes(config));
    stream.put("max_age", config.deadLetters().maxAge().toNanos());
    stream.put("max_msg_size", DeadLetters.maxMsgSize(config));
    stream.put("duplicate_window", DEAD_LETTER_WINDOW.toNanos());
    return stream;
  }

  /** The last status of each message, for an hour. */
  private static Map<String, Object> statuses(int replicas) {
    var stream = stream(Statuses.STREAM, List.of(Statuses.SUBJECTS), replicas);
    stream.put("retention", "limits");
    stream.put("discard", "old");
    stream.put("max_bytes", Statuses.MAX_BYTES);
    stream.put("max_age", Statuses.MAX_AGE.toNanos());
    stream.put("max_msg_size", Statuses.MAX_MSG_SIZE);
    stream.put("max_msgs_per_subject", 1);
    stream.put("duplicate_window", Statuses.DUPLICATE_WINDOW.toNanos());
    stream.put("allow_direct", true);
    return stream;
  }

  /** One entry for each key, for as long as its message is known as a duplicate. */
  private static Map<String, Object> idempotencyKeys(NatsConfig config) {
    var stream =
        stream(IdempotencyKeys.STREAM, List.of(IdempotencyKeys.SUBJECTS), config.replicas());
    stream.put("retention", "limits");
    stream.put("discard", "old");
    stream.put("max_bytes", IdempotencyKeys.MAX_BYTES);
    stream.put("max_age", IdempotencyKeys.maxAge(config).toNanos());
    stream.put("max_msg_size", IdempotencyKeys.MAX_MSG_SIZE);
    stream.put("max_msgs_per_subject", 1);
    stream.put("duplicate_window", IdempotencyKeys.duplicateWindow(config).toNanos());
    stream.put("allow_direct", true);
    stream.put("allow_atomic", config.syncInterval().isZero());
    return stream;
  }

  private static Map<String, Object> stream(String name, List<String> subjects, int replicas) {
    var stream = new LinkedHashMap<String, Object>();
    stream.put("name", name);
    stream.put("subjects", subjects);
    stream.put("storage", "file");
    stream.put("num_replicas", replicas);
    stream.put("max_consumers", UNLIMITED);
    stream.put("max_msgs", UNLIMITED);
    stream.put("max_msgs_per_subject", UNLIMITED);
    stream.put("metadata", METADATA);
    return stream;
  }

  private static Map<String, Object> consumer(String durable, ConsumerConfig config) {
    var consumer = new LinkedHashMap<String, Object>();
    consumer.put("name", durable);
    consumer.put("durable_name", durable);
    consumer.put("ack_policy", "explicit");
    consumer.put("deliver_policy", "all");
    consumer.put("replay_policy", "instant");
    if (config.filterSubjects().size() == 1) {
      consumer.put("filter_subject", config.filterSubjects().get(0));
    } else if (!config.filterSubjects().isEmpty()) {
      consumer.put("filter_subjects", config.filterSubjects());
    }
    // No backoff here: the server would use its first step as the ack wait. The worker applies it.
    consumer.put("ack_wait", config.ackWait().toNanos());
    consumer.put("max_deliver", NEVER_GIVE_UP);
    consumer.put("max_ack_pending", config.maxAckPending());
    consumer.put("max_waiting", MAX_WAITING);
    consumer.put("num_replicas", 0);
    consumer.put("metadata", METADATA);
    return consumer;
  }

  private static String lowerCase(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static String json(Map<String, Object> value) {
    return JSON.writeValueAsString(value) + "\n";
  }
}
