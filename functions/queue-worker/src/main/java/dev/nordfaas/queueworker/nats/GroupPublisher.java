package dev.nordfaas.queueworker.nats;

import dev.nordfaas.queueworker.nats.PublishException.Reason;
import io.nats.client.Message;
import io.nats.client.NUID;
import io.nats.client.impl.Headers;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Publishes messages that arrive while commits are under way in the next one, as one atomic batch:
 * they share the fsync that each would have needed.
 *
 * <p>A batch costs the server as much as a dozen or two single messages, so it takes that many to
 * make one. Fewer are published at once, individually, without waiting for others. After a batch,
 * as long as the load lasts, new messages queue behind one single message or the previous batch.
 *
 * <p>A batch is stored whole or not at all. If the server rejects one because of a duplicate or bad
 * message, its messages are published one by one, so that each gets the answer it would have had on
 * its own. If the stream accepts no batches, all messages are.
 *
 * <p>All messages have to belong to the same stream.
 */
public final class GroupPublisher implements Publisher {
  private static final String BATCH_ID = "Nats-Batch-Id";
  private static final String BATCH_SEQUENCE = "Nats-Batch-Sequence";
  private static final String BATCH_COMMIT = "Nats-Batch-Commit";

  /** Fewer are faster individually; see bench/intake. */
  private static final int MIN_MESSAGES = 24;

  /** The server accepts a thousand. */
  private static final int MAX_MESSAGES = 500;

  /** What the server holds in memory until the commit. */
  private static final int MAX_BYTES = 4 << 20;

  /** How long to do without batches after the stream rejected one as such. */
  private static final Duration DISABLED_FOR = Duration.ofMinutes(1);

  private final SinglePublisher single;
  private final Queue<Pending> waiting = new ArrayDeque<>();

  /** Single messages under way. */
  private int singles;

  /** Whether a batch is under way. */
  private boolean batching;

  /** Whether the last commit was a batch, so that there will be enough for another. */
  private boolean busy;

  private volatile long disabledUntil = System.nanoTime();

  public GroupPublisher(SinglePublisher single) {
    this.single = single;
  }

  @Override
  public CompletableFuture<PubAck> publish(OutgoingMessage message) {
    if (disabled()) {
      return single.publish(message);
    }
    var pending = new Pending(message, new CompletableFuture<>());
    List<Pending> next;
    synchronized (waiting) {
      waiting.add(pending);
      next = arrived();
    }
    next.forEach(this::alone);
    return pending.ack();
  }

  private List<Pending> arrived() {
    return batching ? List.of() : takeSingles(busy ? 1 : MIN_MESSAGES);
  }

  private List<Pending> takeSingles(int most) {
    var taken = new ArrayList<Pending>();
    while (singles < most && !waiting.isEmpty()) {
      taken.add(waiting.remove());
      singles++;
    }
    return taken;
  }

  private List<Pending> takeBatch() {
    var taken = new ArrayList<Pending>();
    var bytes = 0;
    while (!waiting.isEmpty() && taken.size() < MAX_MESSAGES) {
      bytes += waiting.element().message().bytes();
      if (bytes > MAX_BYTES && !taken.isEmpty()) {
        break;
      }
      taken.add(waiting.remove());
    }
    batching = true;
    busy = true;
    return taken;
  }

  private void alone(Pending pending) {
    var unused =
        single
            .publish(pending.message())
            .whenComplete(
                (ack, failure) -> {
                  pending.end(ack, failure);
                  ended(true);
                });
  }

  /** Continues with what is waiting, after the end of a single message or of a batch. */
  private void ended(boolean ofSingle) {
    List<Pending> batch = List.of();
    List<Pending> next = List.of();
    synchronized (waiting) {
      if (ofSingle) {
        singles--;
      } else {
        batching = false;
      }
      if (batching) {
        return;
      }
      if (waiting.size() >= MIN_MESSAGES) {
        batch = takeBatch();
      } else {
        busy = busy && !ofSingle;
        next = arrived();
      }
    }
    next.forEach(this::alone);
    if (!batch.isEmpty()) {
      batch(batch);
    }
  }

  private boolean disabled() {
    return System.nanoTime() - disabledUntil < 0;
  }

  private void oneByOne(List<Pending> group) {
    var ends =
        group.stream()
            .map(
                pending ->
                    single
                        .publish(pending.message())
                        .handle((ack, failure) -> pending.end(ack, failure)))
            .toArray(CompletableFuture<?>[]::new);
    var unused = CompletableFuture.allOf(ends).whenComplete((end, failure) -> ended(false));
  }

  private void batch(List<Pending> group) {
    if (disabled()) {
      oneByOne(group);
      return;
    }
    var id = NUID.nextGlobal();
    var last = group.size() - 1;
    for (var i = 0; i < last; i++) {
      if (!single.send(part(group.get(i), id, i, false))) {
        oneByOne(group);
        return;
      }
    }
    var unused =
        single
            .request(part(group.get(last), id, last, true))
            .whenComplete((answer, failure) -> answered(group, answer, failure));
  }

  private static Message part(Pending pending, String id, int index, boolean commit) {
    var headers = new Headers(pending.message().headers());
    headers.put(BATCH_ID, id);
    headers.put(BATCH_SEQUENCE, Integer.toString(index + 1));
    if (commit) {
      headers.put(BATCH_COMMIT, "1");
    }
    return pending.message().message(headers);
  }

  private void answered(
      List<Pending> group, @Nullable ApiAnswer answer, @Nullable Throwable failure) {
    if (answer == null && isAway(failure)) {
      // All of them may be stored, or none.
      group.forEach(pending -> pending.end(null, failure));
      ended(false);
    } else if (answer == null || answer.failed()) {
      if (answer != null && answer.errorCode() == ApiAnswer.ATOMIC_PUBLISH_DISABLED) {
        disabledUntil = System.nanoTime() + DISABLED_FOR.toNanos();
      }
      oneByOne(group);
    } else {
      var first = answer.sequence() - group.size() + 1;
      for (var i = 0; i < group.size(); i++) {
        group.get(i).end(new PubAck(answer.stream(), first + i, false), null);
      }
      ended(false);
    }
  }

  private static boolean isAway(@Nullable Throwable failure) {
    var cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause instanceof PublishException e && e.reason() == Reason.AWAY;
  }

  private record Pending(OutgoingMessage message, CompletableFuture<PubAck> ack) {
    boolean end(@Nullable PubAck stored, @Nullable Throwable failure) {
      return stored == null
          ? ack.completeExceptionally(
              failure == null ? new PublishException(Reason.REFUSED, "no answer") : failure)
          : ack.complete(stored);
    }
  }
}
