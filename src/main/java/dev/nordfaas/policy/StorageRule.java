package dev.nordfaas.policy;

import dev.nordfaas.config.NatsConfig.Storage;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.nats.JetStreamPlan;
import dev.nordfaas.nats.NatsConf;
import dev.nordfaas.plan.Plan;
import dev.nordfaas.plan.Volume;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Volumes, logs and temporary files fit on the disks, and streams on the volumes. local-path
 * enforces no size, so a full volume is a full node: a fifth of each disk stays free for images and
 * logs, a tenth of each NATS volume for what JetStream keeps besides messages. Both shares are
 * nordfaas' choice.
 */
final class StorageRule implements Rule {
  private static final long NINE_TENTHS_OF_GIBIBYTE = (1L << 30) / 10 * 9;
  private static final KeyPath NATS_SIZE = KeyPath.of("nats", "storage", "size");
  private static final KeyPath STREAMS = KeyPath.of("nats", "streams");

  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    checkDisks(plan, problems);
    checkStreams(config, problems);
  }

  private static void checkDisks(Plan plan, Problems problems) {
    var volumes = plan.volumes().stream().mapToLong(Volume::bytes).sum();
    var requested =
        plan.pods().stream().mapToLong(pods -> pods.replicas() * pods.pod().disk()).sum();
    var scratch = plan.volumes().stream().filter(Volume::scratch).mapToLong(Volume::bytes).sum();
    var needed = volumes + requested - scratch;
    var usable =
        Nodes.takingPods(plan.config()).values().stream()
                .mapToLong(node -> node.disk().bytes())
                .sum()
            / 10
            * 8;
    if (usable > 0 && needed > usable) {
      problems.add(
          KeyPath.of("nodes"),
          "volumes, logs and temporary files of %s exceed 80 %% of the disks, %s: %s + logs and temporary files %s"
              .formatted(
                  Amounts.size(needed),
                  Amounts.size(usable),
                  plan.volumes().stream()
                      .map(
                          volume ->
                              "%s %d × %s".formatted(volume.name(), volume.count(), volume.size()))
                      .collect(Collectors.joining(" + ")),
                  Amounts.size(requested - scratch)),
          "use larger disks or lower the sizes",
          Stream.concat(
                  plan.volumes().stream().map(Volume::path),
                  Stream.of(KeyPath.of("nats", "replicas")))
              .toArray(KeyPath[]::new));
    }
  }

  private static void checkStreams(StackConfig config, Problems problems) {
    var streams = config.nats().streams();
    var stored = JetStreamPlan.reservedBytes(config.nats());
    var size = config.nats().storage().size();
    if (stored > NatsConf.maxFileStore(config.nats())) {
      problems.add(
          NATS_SIZE,
          "streams of %s, with dead letters, statuses and idempotency keys, exceed 90 %% of %s: %s"
              .formatted(
                  Amounts.size(stored),
                  size,
                  streams.entrySet().stream()
                      .filter(entry -> entry.getValue().storage() == Storage.FILE)
                      .map(entry -> entry.getKey() + " " + entry.getValue().maxBytes())
                      .collect(Collectors.joining(" + "))),
          "raise it to %dGi or lower the streams' maxBytes".formatted(wholeGibibytes(stored)),
          streams.keySet().stream()
              .map(name -> STREAMS.key(name).key("maxBytes"))
              .toArray(KeyPath[]::new));
    }
  }

  /** The smallest volume, in Gi, of which the bytes are 90 % or less. */
  private static long wholeGibibytes(long bytes) {
    return (bytes + NINE_TENTHS_OF_GIBIBYTE - 1) / NINE_TENTHS_OF_GIBIBYTE;
  }
}
