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
 * Publishes what arrives while one commit is under way in the next, as one atomic batch: its
 * messages share the fsync that each would have had. With nothing under way a message goes at once,
 * by itself, so that nobody waits for company.
 *
 * <p>A batch is stored whole or not at all. When the server refuses one, for a duplicate or a bad
 * message in it, its messages are published one by one, so that each has the answer that it would
 * have had alone. Where the stream takes no batches, all of them are.
 *
 * <p>All messages have to belong to the same stream.
 */
public final class GroupPublisher implements Publisher {
  private static final String BATCH_ID = "Nats-Batch-Id";
  private static final String BATCH_SEQUENCE = "Nats-Batch-Sequence";
  private static final String BATCH_COMMIT = "Nats-Batch-Commit";

  /** The server takes a thousand. */
  private static final int MAX_MESSAGES = 500;

  /** What the server holds in memory until the commit. */
  private static final int MAX_BYTES = 4 << 20;

  /** How long to do without batches after the stream refused one as such. */
  private static final Duration DISABLED_FOR = Duration.ofMinutes(1);

  private final SinglePublisher single;
  private final Queue<Pending> waiting = new ArrayDeque<>();
  private boolean committing;
  private volatile long disabledUntil = System.nanoTime();

  public GroupPublisher(SinglePublisher single) {
    this.single = single;
  }

  @Override
  public CompletableFuture<PubAck> publish(OutgoingMessage message) {
    if (System.nanoTime() - disabledUntil < 0) {
      return single.publish(message);
    }
    var pending = new Pending(message, new CompletableFuture<>());
    List<Pending> group;
    synchronized (waiting) {
      waiting.add(pending);
      if (committing) {
        return pending.ack();
      }
      committing = true;
      group = next();
    }
    commit(group);
    return pending.ack();
  }

  private void commit(List<Pending> group) {
    if (group.size() == 1) {
      oneByOne(group);
    } else {
      batch(group);
    }
  }

  private void committed() {
    List<Pending> group;
    synchronized (waiting) {
      group = next();
      if (group.isEmpty()) {
        committing = false;
        return;
      }
    }
    commit(group);
  }

  private List<Pending> next() {
    var group = new ArrayList<Pending>();
    var bytes = 0;
    while (!waiting.isEmpty() && group.size() < MAX_MESSAGES) {
      bytes += waiting.element().message().bytes();
      if (bytes > MAX_BYTES && !group.isEmpty()) {
        break;
      }
      group.add(waiting.remove());
    }
    return group;
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
    var unused = CompletableFuture.allOf(ends).whenComplete((end, failure) -> committed());
  }

  private void batch(List<Pending> group) {
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
      committed();
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
      committed();
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
