package dev.nordfaas.nats;

import dev.nordfaas.config.NatsConfig.StreamConfig;

/**
 * The dead-letter stream {@code <stream>-dlq} of each stream that has consumers.
 *
 * <p>Its subjects, {@code dlq.<stream>.>}, have their own first token: they must not overlap with
 * those of the stream, which usually are {@code <stream>.>}.
 */
public final class DeadLetters {
  /** Suffix of the names of all dead-letter streams. */
  public static final String SUFFIX = "-dlq";

  /** The subjects of all dead-letter streams. */
  public static final String ALL_SUBJECTS = "dlq.>";

  private static final long MEBIBYTE = 1L << 20;

  /** Space for the headers that a dead letter has besides those of the original message. */
  static final long HEADERS_BYTES = 64 << 10;

  /** Divisor of the stream's size for that of its dead letters. */
  private static final long SHARE = 8;

  private static final long MIN_BYTES = 16 * MEBIBYTE;

  /** A stream with room for none of the largest would refuse those for good. */
  private static final long MIN_LETTERS = 4;

  private DeadLetters() {}

  /** Name of the dead-letter stream. */
  public static String stream(String stream) {
    return stream + SUFFIX;
  }

  /** What the dead-letter stream stores. */
  public static String subjects(String stream) {
    return "dlq." + stream + ".>";
  }

  /** The subjects of one consumer's dead letters, each of which has its own. */
  static String subjects(NatsWorker worker) {
    return "dlq.%s.%s.>".formatted(worker.stream(), worker.durable());
  }

  static boolean needed(StreamConfig stream) {
    return !stream.consumers().isEmpty();
  }

  /** An eighth of the stream, at least 16 MiB, and four of the largest. */
  static long maxBytes(StreamConfig stream) {
    var least = Math.max(MIN_BYTES, MIN_LETTERS * maxMsgSize(stream));
    return Math.max(stream.maxBytes().bytes() / SHARE, least);
  }

  /** Enough for the original message and its new headers. */
  static long maxMsgSize(StreamConfig stream) {
    return stream.maxMsgSize().bytes() + HEADERS_BYTES;
  }
}
