package dev.nordfaas.nats;

import dev.nordfaas.config.NatsConfig;
import dev.nordfaas.config.NatsConfig.Retention;
import dev.nordfaas.config.NatsConfig.StreamConfig;
import dev.nordfaas.config.model.KeyPath;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The settings that NATS takes when it makes something, and never again; all else that the config
 * has can be changed in place. What they were at first is compared with what they are to be.
 */
public final class JetStreamOrigins {
  private static final String SINGLE = "1 replica";
  private static final String CLUSTER = "several replicas";
  private static final String WORK_QUEUE = "workqueue";
  private static final String NO_WORK_QUEUE = "interest or limits";

  private JetStreamOrigins() {}

  /** What the servers are. */
  public static String ofServers(NatsConfig config) {
    return config.replicas() == 1 ? SINGLE : CLUSTER;
  }

  /** What each stream is, by its name. */
  public static SortedMap<String, String> ofStreams(NatsConfig config) {
    var origins = new TreeMap<String, String>();
    config.streams().forEach((name, stream) -> origins.put(name, of(stream)));
    return origins;
  }

  private static String of(StreamConfig stream) {
    return stream.retention() == Retention.WORKQUEUE ? WORK_QUEUE : NO_WORK_QUEUE;
  }

  /**
   * Why the servers cannot become what the config says, if they cannot.
   *
   * @param origin what they were at first; empty if that is not known, as in an update of other
   *     resources only
   */
  public static Optional<String> refusalOfServers(NatsConfig config, String origin) {
    return Optional.of(ofServers(config))
        .filter(wanted -> differs(wanted, origin))
        .map(
            wanted ->
                "%s: %s cannot become %s in place, since nats-server deletes streams that its cluster does not know; set it back, or move the streams as docs/async.md says"
                    .formatted(KeyPath.of("nats", "replicas"), origin, wanted));
  }

  /**
   * Why the streams cannot become what the config says, one line each; empty if they can.
   *
   * @param origins what each was at first, by its name; empty if that is not known
   */
  public static Optional<String> refusalOfStreams(NatsConfig config, Map<String, String> origins) {
    var lines =
        ofStreams(config).entrySet().stream()
            .filter(wanted -> differs(wanted.getValue(), origins.getOrDefault(wanted.getKey(), "")))
            .map(
                wanted ->
                    "%s: %s cannot become %s in place; set it back, or use a stream of another name"
                        .formatted(
                            KeyPath.of("nats", "streams", wanted.getKey(), "retention"),
                            origins.get(wanted.getKey()),
                            wanted.getValue()))
            .toList();
    return lines.isEmpty() ? Optional.empty() : Optional.of(String.join("\n", lines));
  }

  private static boolean differs(String wanted, String origin) {
    return !origin.isEmpty() && !origin.equals(wanted);
  }
}
