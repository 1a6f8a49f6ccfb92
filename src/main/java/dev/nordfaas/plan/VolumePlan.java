package dev.nordfaas.plan;

import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.StorageConfig;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.edge.EdgeManifests;
import dev.nordfaas.postgres.Postgres;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Everything that takes space on the nodes' disks, with its size in the config. */
final class VolumePlan {
  private static final KeyPath POSTGRES = KeyPath.of("postgres");
  private static final KeyPath OPENFAAS = KeyPath.of("openfaas");

  private VolumePlan() {}

  static List<Volume> of(StackConfig config) {
    var volumes = new ArrayList<Volume>();
    volumes.add(
        stored("nats", config.nats().replicas(), config.nats().storage(), KeyPath.of("nats")));
    var postgres = config.postgres();
    volumes.add(stored("postgres", Postgres.instances(postgres), postgres.storage(), POSTGRES));
    postgres
        .backup()
        .flatMap(backup -> backup.repository().volume())
        .ifPresent(
            volume ->
                volumes.add(
                    new Volume(
                        "backups",
                        1,
                        volume.size(),
                        POSTGRES.key("backup").key("repository").key("volume").key("size"),
                        false,
                        Optional.of(volume.storageClass()))));
    config
        .openfaas()
        .jetstream()
        .ifPresent(
            jetstream ->
                volumes.add(
                    stored("OpenFaaS' nats", 1, jetstream.storage(), OPENFAAS.key("jetstream"))));
    if (config.edge().replicas() == 1) {
      volumes.add(
          new Volume(
              "edge",
              1,
              EdgeManifests.CERTIFICATES_SIZE,
              KeyPath.of("edge"),
              false,
              Optional.empty()));
    }
    config
        .openfaas()
        .prometheus()
        .ifPresent(
            prometheus ->
                volumes.add(
                    new Volume(
                        "prometheus",
                        1,
                        prometheus.size(),
                        OPENFAAS.key("prometheus").key("size"),
                        true,
                        Optional.empty())));
    return volumes;
  }

  private static Volume stored(String name, int count, StorageConfig storage, KeyPath owner) {
    return new Volume(
        name,
        count,
        storage.size(),
        owner.key("storage").key("size"),
        false,
        Optional.of(storage.storageClass()));
  }
}
