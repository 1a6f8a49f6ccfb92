package dev.nordfaas.nats;

import dev.nordfaas.config.NatsConfig;
import dev.nordfaas.config.NatsConfig.Retention;
import dev.nordfaas.config.NatsConfig.Storage;
import dev.nordfaas.config.NatsConfig.StreamConfig;
import dev.nordfaas.config.model.KeyPath;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The settings that NATS only applies when it creates something; everything else in the config can
 * be changed in place. Their original values are compared with those of the config.
 */
public final class JetStreamOrigins {
  private static final String SINGLE = "1 replica";
  private static final String CLUSTER = "several replicas";
  private static final String WORK_QUEUE = "workqueue";
  private static final String NO_WORK_QUEUE = "interest or limits";
  private static final String IN_MEMORY = ", in memory";

  private JetStreamOrigins() {}

  /** The origin of the servers. */
  public static String ofServers(NatsConfig config) {
    return config.replicas() == 1 ? SINGLE : CLUSTER;
  }

  /** The origin of each stream, by its name. */
  public static SortedMap<String, String> ofStreams(NatsConfig config) {
    var origins = new TreeMap<String, String>();
    config.streams().forEach((name, stream) -> origins.put(name, of(stream)));
    return origins;
  }

  /** A stream in files is not marked as such: origins are older than the key storage. */
  private static String of(StreamConfig stream) {
    return retention(stream) + (stream.storage() == Storage.MEMORY ? IN_MEMORY : "");
  }

  private static String retention(StreamConfig stream) {
    return stream.retention() == Retention.WORKQUEUE ? WORK_QUEUE : NO_WORK_QUEUE;
  }

  /**
   * Why the servers cannot become what the config says, if they cannot.
   *
   * @param origin their original settings; empty if not known, as in an update of other resources
   *     only
   */
  public static Optional<String> refusalOfServers(NatsConfig config, String origin) {
    return Optional.of(ofServers(config))
        .filter(wanted -> differs(wanted, origin))
        .map(
            wanted ->
                "%s: %s cannot become %s in place, since nats-server deletes streams that its cluster does not know; undo it, or move the streams as described in docs/async.md"
                    .formatted(KeyPath.of("nats", "replicas"), origin, wanted));
  }

  /**
   * Why the streams cannot become what the config says, one line each; empty if they can.
   *
   * @param origins the original settings of each, by its name; empty if not known
   */
  public static Optional<String> refusalOfStreams(NatsConfig config, Map<String, String> origins) {
    var lines =
        ofStreams(config).entrySet().stream()
            .flatMap(
                wanted ->
                    refusals(
                        wanted.getKey(),
                        wanted.getValue(),
                        origins.getOrDefault(wanted.getKey(), "")))
            .toList();
    return lines.isEmpty() ? Optional.empty() : Optional.of(String.join("\n", lines));
  }

  private static Stream<String> refusals(String stream, String wanted, String origin) {
    return Stream.of(
            refusal(stream, "retention", retention(wanted), retention(origin)),
            refusal(stream, "storage", storage(wanted), storage(origin)))
        .flatMap(Optional::stream);
  }

  private static Optional<String> refusal(String stream, String key, String wanted, String origin) {
    return differs(wanted, origin)
        ? Optional.of(
            "%s: %s cannot become %s in place; undo it, or use a stream with another name"
                .formatted(KeyPath.of("nats", "streams", stream, key), origin, wanted))
        : Optional.empty();
  }

  private static String retention(String origin) {
    return origin.replace(IN_MEMORY, "");
  }

  private static String storage(String origin) {
    if (origin.isEmpty()) {
      return "";
    }
    return origin.endsWith(IN_MEMORY) ? "memory" : "file";
  }

  private static boolean differs(String wanted, String origin) {
    return !origin.isEmpty() && !origin.equals(wanted);
  }
}
