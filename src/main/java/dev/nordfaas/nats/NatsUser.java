package dev.nordfaas.nats;

import dev.nordfaas.config.NatsConfig.StreamConfig;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

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
  /** The role that creates streams and consumers. */
  public static final String ADMIN = "admin";

  /** The role that lists, replays and removes dead letters. */
  public static final String DEAD_LETTERS = "dead-letters";

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

  /**
   * May read and remove the dead letters of these streams, and publish to the streams; of the
   * messages in the streams themselves it may neither read nor remove any.
   */
  public static NatsUser deadLetters(Map<String, StreamConfig> streams) {
    var publish = new ArrayList<>(List.of("$JS.API.STREAM.NAMES"));
    new TreeMap<>(streams)
        .forEach(
            (name, stream) -> {
              if (DeadLetters.needed(stream)) {
                var letters = DeadLetters.stream(name);
                publish.add("$JS.API.STREAM.INFO." + name);
                publish.add("$JS.API.CONSUMER.LIST." + name);
                publish.add("$JS.API.STREAM.INFO." + letters);
                publish.add("$JS.API.STREAM.MSG.GET." + letters);
                publish.add("$JS.API.STREAM.MSG.DELETE." + letters);
                publish.addAll(stream.subjects());
              }
            });
    return new NatsUser(
        DEAD_LETTERS, List.copyOf(publish), List.of(inboxPrefix(DEAD_LETTERS) + ".>"));
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

  /**
   * May publish to its subjects, and gets the PubAck; may write and read statuses and idempotency
   * keys.
   */
  public static NatsUser intake(List<String> subjects) {
    if (subjects.isEmpty()) {
      return new NatsUser(INTAKE, List.of(), List.of(inboxPrefix(INTAKE) + ".>"));
    }
    var publish = new ArrayList<>(subjects);
    publish.add(Statuses.SUBJECTS);
    publish.add("$JS.API.DIRECT.GET.%s.>".formatted(Statuses.STREAM));
    publish.add(IdempotencyKeys.SUBJECTS);
    publish.add("$JS.API.DIRECT.GET.%s.>".formatted(IdempotencyKeys.STREAM));
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
            DeadLetters.subjects(worker),
            Statuses.SUBJECTS),
        List.of(inboxPrefix(role) + ".>"));
  }

  /** The prefix of the inboxes of one role. */
  public static String inboxPrefix(String role) {
    return "_INBOX_" + role;
  }
}
