package dev.nordfaas.policy;

import dev.nordfaas.config.ByteSize;
import dev.nordfaas.config.KeyPath;
import dev.nordfaas.config.OpenFaasConfig;
import dev.nordfaas.config.Problems;
import dev.nordfaas.config.Rule;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.StorageConfig;
import dev.nordfaas.nats.JetStreamPlan;
import dev.nordfaas.nats.NatsConf;
import dev.nordfaas.postgres.Postgres;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Volumes fit on the disks and streams on the volumes. local-path enforces no size, so a full
 * volume is a full node: a fifth of each disk stays free for images and logs, a tenth of each NATS
 * volume for what JetStream keeps besides messages. Both shares are nordfaas' choice.
 */
final class StorageRule implements Rule {
  private static final long NINE_TENTHS_OF_GIBIBYTE = (1L << 30) / 10 * 9;
  private static final KeyPath NATS_SIZE = KeyPath.of("nats", "storage", "size");
  private static final KeyPath POSTGRES_SIZE = KeyPath.of("postgres", "storage", "size");
  private static final KeyPath STREAMS = KeyPath.of("nats", "streams");

  @Override
  public void check(StackConfig config, Problems problems) {
    checkDisks(config, problems);
    checkStreams(config, problems);
  }

  private static void checkDisks(StackConfig config, Problems problems) {
    var nats = config.nats();
    var postgres = config.postgres().storage().size();
    var instances = Postgres.instances(config.postgres());
    var backups =
        config
            .postgres()
            .backup()
            .flatMap(backup -> backup.repository().volume())
            .map(StorageConfig::size);
    var ofOpenFaas = ofOpenFaas(config.openfaas());
    var needed =
        nats.replicas() * nats.storage().size().bytes()
            + instances * postgres.bytes()
            + backups.map(ByteSize::bytes).orElse(0L)
            + ofOpenFaas.values().stream().mapToLong(ByteSize::bytes).sum();
    var usable =
        config.nodes().values().stream().mapToLong(node -> node.disk().bytes()).sum() / 10 * 8;
    if (needed > usable) {
      problems.add(
          KeyPath.of("nodes"),
          "volumes of %s exceed 80 %% of the disks, %s: nats %d × %s + postgres %s%s%s"
              .formatted(
                  Amounts.size(needed),
                  Amounts.size(usable),
                  nats.replicas(),
                  nats.storage().size(),
                  (instances == 1 ? "" : instances + " × ") + postgres,
                  backups.map(size -> " + backups " + size).orElse(""),
                  ofOpenFaas.entrySet().stream()
                      .map(volume -> " + %s %s".formatted(volume.getKey(), volume.getValue()))
                      .collect(Collectors.joining())),
          "use larger disks or lower the sizes",
          NATS_SIZE,
          POSTGRES_SIZE,
          KeyPath.of("nats", "replicas"));
    }
  }

  private static SortedMap<String, ByteSize> ofOpenFaas(OpenFaasConfig config) {
    var sizes = new TreeMap<String, ByteSize>();
    config.prometheus().ifPresent(prometheus -> sizes.put("prometheus", prometheus.size()));
    config
        .jetstream()
        .ifPresent(jetstream -> sizes.put("OpenFaaS' nats", jetstream.storage().size()));
    return sizes;
  }

  private static void checkStreams(StackConfig config, Problems problems) {
    var streams = config.nats().streams();
    var stored = JetStreamPlan.reservedBytes(config.nats());
    var size = config.nats().storage().size();
    if (stored > NatsConf.maxFileStore(config.nats())) {
      problems.add(
          NATS_SIZE,
          "streams of %s, with dead letters and statuses, exceed 90 %% of %s: %s"
              .formatted(
                  Amounts.size(stored),
                  size,
                  streams.entrySet().stream()
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
