package dev.nordfaas.nats;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * A user of NATS, which may do what its role needs and nothing else.
 *
 * <p>Replies come to an inbox. Every user has its own inbox prefix, {@code _INBOX_<role>}, so that
 * none can listen to another's replies; clients have to set it.
 *
 * @param role name of the user
 * @param publish subjects that it may publish to
 * @param subscribe subjects that it may subscribe to
 */
public record NatsUser(String role, List<String> publish, List<String> subscribe) {
  /** The role that creates streams and consumers, and puts dead letters back. */
  public static final String ADMIN = "admin";

  /** The role that makes the servers reload their config. */
  public static final String SYSTEM = "system";

  /** The role that monitors the servers. */
  public static final String METRICS = "metrics";

  /** The role that accepts requests. */
  public static final String INTAKE = "intake";

  /** The user that the servers log in to each other as. */
  public static final String CLUSTER = "cluster";

  /** May call the whole JetStream API and publish to every stream, and sees its events. */
  public static NatsUser admin(Collection<String> streamSubjects) {
    var publish = new ArrayList<>(List.of("$JS.API.>"));
    publish.addAll(streamSubjects);
    return new NatsUser(
        ADMIN, List.copyOf(publish), List.of(inboxPrefix(ADMIN) + ".>", "$JS.EVENT.>"));
  }

  /** The users of the system account, in which there are no streams. */
  public static List<NatsUser> ofSystem() {
    return List.of(
        new NatsUser(
            SYSTEM,
            List.of("$SYS.REQ.SERVER.PING", "$SYS.REQ.SERVER.*.RELOAD"),
            List.of(inboxPrefix(SYSTEM) + ".>")),
        new NatsUser(
            METRICS,
            List.of(
                "$SYS.REQ.SERVER.PING",
                "$SYS.REQ.SERVER.PING.HEALTHZ",
                "$SYS.REQ.SERVER.PING.JSZ",
                "$SYS.REQ.SERVER.PING.STATSZ",
                "$SYS.REQ.SERVER.PING.VARZ"),
            List.of(inboxPrefix(METRICS) + ".>")));
  }

  /** May publish to its subjects, and gets the PubAck; may write and read statuses. */
  public static NatsUser intake(List<String> subjects) {
    if (subjects.isEmpty()) {
      return new NatsUser(INTAKE, List.of(), List.of(inboxPrefix(INTAKE) + ".>"));
    }
    var publish = new ArrayList<>(subjects);
    publish.add(Statuses.SUBJECTS);
    publish.add("$JS.API.DIRECT.GET.%s.>".formatted(Statuses.STREAM));
    return new NatsUser(INTAKE, List.copyOf(publish), List.of(inboxPrefix(INTAKE) + ".>"));
  }

  /**
   * May pull from its one consumer, ack what it received, and write dead letters of that consumer
   * and statuses.
   */
  public static NatsUser worker(String role, NatsWorker worker) {
    var consumer = worker.stream() + "." + worker.durable();
    return new NatsUser(
        role,
        List.of(
            "$JS.API.CONSUMER.INFO." + consumer,
            "$JS.API.CONSUMER.MSG.NEXT." + consumer,
            "$JS.ACK." + consumer + ".>",
            // The form of js_ack_fc_v2 (nats-server 2.14 and newer): domain and account come first.
            "$JS.ACK.*.*." + consumer + ".>",
            DeadLetters.subject(worker),
            Statuses.SUBJECTS),
        List.of(inboxPrefix(role) + ".>"));
  }

  /** The prefix of the inboxes of one role. */
  public static String inboxPrefix(String role) {
    return "_INBOX_" + role;
  }
}
