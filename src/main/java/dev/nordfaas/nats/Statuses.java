package dev.nordfaas.nats;

import java.time.Duration;

/**
 * The stream with the last status of each message: intake writes {@code accepted} and reads it, the
 * workers write the others. Nothing depends on it, so it is written without waiting for an ack. It
 * is still stored in a file: a single server loses its in-memory streams on a restart.
 */
public final class Statuses {
  /** Name of the stream. */
  public static final String STREAM = "nordfaas-status";

  /** What the stream stores: {@code status.<id>}. */
  public static final String SUBJECTS = "status.*";

  /** 32 MiB, about 100 000 statuses; the oldest are removed first. */
  static final long MAX_BYTES = 32L << 20;

  /** How long a status is kept. */
  static final Duration MAX_AGE = Duration.ofHours(1);

  /** A status is a few short JSON fields. */
  static final int MAX_MSG_SIZE = 4 << 10;

  /** A status has no Nats-Msg-Id, so the server's default will do. */
  static final Duration DUPLICATE_WINDOW = Duration.ofMinutes(2);

  private Statuses() {}
}
