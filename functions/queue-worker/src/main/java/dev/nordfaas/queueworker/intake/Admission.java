package dev.nordfaas.queueworker.intake;

import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Admits only as many requests as there is memory for. The others wait, unread: TCP backpressure
 * holds them back. Used on one event loop only.
 */
final class Admission {
  private final int maxRequests;
  private final long maxBytes;
  private final int maxWaiting;
  private final Queue<Ticket> waiting = new ArrayDeque<>();
  private int requests;
  private long bytes;

  /**
   * Creates one.
   *
   * @param maxRequests maximum number of admitted requests
   * @param maxBytes maximum size of their bodies; a single request may be larger
   * @param maxWaiting maximum number of waiting requests
   */
  Admission(int maxRequests, long maxBytes, int maxWaiting) {
    this.maxRequests = maxRequests;
    this.maxBytes = maxBytes;
    this.maxWaiting = maxWaiting;
  }

  /** Admits a request now or later, first come, first served. False: too many are waiting. */
  boolean enter(Ticket ticket) {
    if (waiting.isEmpty() && fits(ticket)) {
      admit(ticket);
      return true;
    }
    return waiting.size() < maxWaiting && waiting.add(ticket);
  }

  /** Releases what the request holds, or its place in the queue. */
  void leave(Ticket ticket) {
    if (ticket.inside) {
      ticket.inside = false;
      requests--;
      bytes -= ticket.bytes;
    } else {
      waiting.remove(ticket);
    }
    for (var next = waiting.peek(); next != null && fits(next); next = waiting.peek()) {
      waiting.remove();
      admit(next);
    }
  }

  int inside() {
    return requests;
  }

  int waiting() {
    return waiting.size();
  }

  private boolean fits(Ticket ticket) {
    return requests == 0 || (requests < maxRequests && bytes + ticket.bytes <= maxBytes);
  }

  private void admit(Ticket ticket) {
    ticket.inside = true;
    requests++;
    bytes += ticket.bytes;
    ticket.admitted.run();
  }

  /** A request to be admitted. */
  static final class Ticket {
    private final long bytes;
    private final Runnable admitted;
    private boolean inside;

    Ticket(long bytes, Runnable admitted) {
      this.bytes = bytes;
      this.admitted = admitted;
    }

    /** Whether the request was admitted, and has not finished. */
    boolean inside() {
      return inside;
    }
  }
}
