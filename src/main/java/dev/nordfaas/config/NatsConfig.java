package dev.nordfaas.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The queue: NATS with JetStream. */
public record NatsConfig(
    @Key(
            value = "Image of nats-server, 2.14.5 or newer.",
            pattern = Patterns.IMAGE,
            hint = Patterns.IMAGE_HINT,
            defaultValue = "docker.io/library/nats:2.14.5-alpine")
        String image,
    @Key(
            value = "Image with the nats command and jq, which creates the streams and consumers.",
            pattern = Patterns.IMAGE,
            hint = Patterns.IMAGE_HINT,
            defaultValue = "docker.io/natsio/nats-box:0.19.5-nonroot")
        String toolsImage,
    @Key(
            value =
                "Image of prometheus-nats-exporter, which runs next to each server, such as docker.io/natsio/prometheus-nats-exporter:0.18.0; without it there are no NATS metrics.",
            pattern = Patterns.IMAGE,
            hint = Patterns.IMAGE_HINT)
        Optional<String> exporterImage,
    @Key(
            value = "Servers of the cluster: 1, 3 or 5. Two cannot form a quorum.",
            defaultValue = "1",
            min = 1,
            max = 5)
        int replicas,
    @Key(value = "Volume of each server.", defaultValue = "{size: 20Gi}") StorageConfig storage,
    @Key(
            value =
                "How long a stored message may wait for its fsync: 0s syncs every message, so that a PubAck survives a power cut.",
            defaultValue = "0s")
        Duration syncInterval,
    @Key(
            value = "Requests and limits of nats-server.",
            defaultValue = "{requests: {cpu: 250m, memory: 512Mi}, limits: {memory: 1Gi}}")
        ResourcesConfig resources,
    @Key(
            value = "The streams by name.",
            defaultValue = "{}",
            keyPattern = Patterns.JETSTREAM_NAME,
            keyHint = Patterns.JETSTREAM_NAME_HINT)
        Map<String, StreamConfig> streams,
    @Key(
            value =
                "Streams removed from streams that are to be deleted with all their messages; otherwise they are kept.",
            defaultValue = "[]",
            pattern = Patterns.JETSTREAM_NAME,
            hint = Patterns.JETSTREAM_NAME_HINT)
        List<String> deleteStreams) {

  /** One JetStream stream. The keys have the names and meanings of the NATS documentation. */
  public record StreamConfig(
      @Key(
              value = "Subjects that the stream stores.",
              pattern = Patterns.SUBJECT_FILTER,
              hint = Patterns.SUBJECT_FILTER_HINT,
              notEmpty = true,
              example = "[orders.>]")
          List<String> subjects,
      @Key(
              value =
                  "When a message is removed: workqueue, once it is acked; interest, once every consumer has acked it; limits, only at a limit.",
              defaultValue = "workqueue")
          Retention retention,
      @Key(
              value =
                  "What happens at a limit: new refuses the new message, old deletes the oldest.",
              defaultValue = "new")
          Discard discard,
      @Key(
              value =
                  "Where messages are stored: file, on the volume; memory, which a restart of NATS empties unless a majority of replicas keeps running. It cannot be changed later.",
              defaultValue = "file")
          Storage storage,
      @Key(
              value = "Maximum size of the stream: at least one message of maxMsgSize.",
              defaultValue = "8Gi")
          ByteSize maxBytes,
      @Key(
              value = "Maximum number of messages; unlimited by default.",
              min = 1,
              max = 1_000_000_000)
          Optional<Integer> maxMsgs,
      @Key(
              value =
                  "Maximum number of messages of one subject, and so of one route; unlimited by default.",
              min = 1,
              max = 1_000_000_000)
          Optional<Integer> maxMsgsPerSubject,
      @Key(
              value =
                  "Maximum age of a message, processed or not; longer than all its attempts take. With 0s there is none.",
              defaultValue = "7d")
          Duration maxAge,
      @Key(
              value =
                  "Maximum size of a message, headers included; at most 31Mi, as NATS stores nothing above 32Mi.",
              defaultValue = "1Mi")
          ByteSize maxMsgSize,
      @Key(
              value =
                  "How long a Nats-Msg-Id is remembered; at least as long as clients retry, and at least 100ms.",
              defaultValue = "5m")
          Duration duplicateWindow,
      @Key(
              value = "Copies of each message; without it as many as NATS has replicas.",
              min = 1,
              max = 5)
          Optional<Integer> replicas,
      @Key(
              "Whether publishers may store a batch of messages atomically, with one fsync, as intake does. By default only if syncInterval is 0s: otherwise a batch costs more than it saves.")
          Optional<Boolean> allowAtomicPublish,
      @Key(
              value = "The durable pull consumers by name.",
              defaultValue = "{}",
              keyPattern = Patterns.JETSTREAM_NAME,
              keyHint = Patterns.JETSTREAM_NAME_HINT)
          Map<String, ConsumerConfig> consumers,
      @Key(
              value = "The stream's dead letters: messages that a consumer could not process.",
              defaultValue = "{}")
          DeadLettersConfig deadLetters) {}

  /** The dead letters of one stream. */
  public record DeadLettersConfig(
      @Key(
              value =
                  "Age at which a dead letter is deleted although nobody has replayed it, at least 1d. With 0s each is kept until somebody replays or removes it.",
              defaultValue = "0s")
          Duration maxAge) {}

  /** One durable pull consumer with explicit acknowledgement. */
  public record ConsumerConfig(
      @Key(
              value = "Subjects that the consumer takes from the stream; empty: all.",
              defaultValue = "[]",
              pattern = Patterns.SUBJECT_FILTER,
              hint = Patterns.SUBJECT_FILTER_HINT)
          List<String> filterSubjects,
      @Key(
              value =
                  "Time to ack before a message is redelivered because its worker has died; above the function's timeout.",
              defaultValue = "60s")
          Duration ackWait,
      @Key(
              value =
                  "Deliveries before a message goes to the dead letters; the worker counts them.",
              defaultValue = "5",
              min = 1,
              max = 100)
          int maxDeliver,
      @Key(
              value =
                  "Delays before the next delivery after a failed call, in turn; the last one repeats.",
              defaultValue = "[1s, 5s, 30s, 2m]",
              notEmpty = true)
          List<Duration> backoff,
      @Key(
              value =
                  "Maximum number of messages delivered but not acked: in progress, or waiting for another attempt. At least queue.concurrency of all worker pods.",
              defaultValue = "1000",
              min = 1,
              max = 65536)
          int maxAckPending) {}

  /** When a stream removes a message. */
  public enum Retention {
    WORKQUEUE,
    INTEREST,
    LIMITS
  }

  /** Where a stream keeps its messages. */
  public enum Storage {
    FILE,
    MEMORY
  }

  /** What a stream does at a limit. */
  public enum Discard {
    NEW,
    OLD
  }
}
