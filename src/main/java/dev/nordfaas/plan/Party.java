package dev.nordfaas.plan;

import dev.nordfaas.config.HttpsUrl;
import dev.nordfaas.config.IssuerConfig;
import dev.nordfaas.config.K3sConfig.Mirror;
import dev.nordfaas.config.ObjectStoreConfig;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.model.KeyPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Somebody outside the cluster whose country the config states.
 *
 * @param kind what it is
 * @param path its key
 * @param country the country, as the config has it; empty for an issuer that is not asked
 * @param hosts its hosts, as the config has them: some with a port
 */
public record Party(Kind kind, KeyPath path, Optional<String> country, List<Host> hosts) {
  /** Copies the list. */
  public Party {
    hosts = List.copyOf(hosts);
  }

  /** What somebody outside is for. */
  public enum Kind {
    SNAPSHOTS,
    BACKUPS,
    ISSUER,
    REGISTRY
  }

  /**
   * A host.
   *
   * @param path the key that names it
   */
  public record Host(KeyPath path, String name) {}

  static List<Party> of(StackConfig config) {
    var parties = new ArrayList<Party>();
    config
        .k3s()
        .etcdSnapshots()
        .s3()
        .ifPresent(
            s3 -> parties.add(store(Kind.SNAPSHOTS, KeyPath.of("k3s", "etcdSnapshots", "s3"), s3)));
    config
        .postgres()
        .backup()
        .flatMap(backup -> backup.repository().s3())
        .ifPresent(
            s3 ->
                parties.add(
                    store(Kind.BACKUPS, KeyPath.of("postgres", "backup", "repository", "s3"), s3)));
    config
        .edge()
        .issuers()
        .forEach(
            (name, issuer) -> parties.add(issuer(KeyPath.of("edge", "issuers", name), issuer)));
    config
        .k3s()
        .registries()
        .forEach(
            (name, mirror) -> parties.add(registry(KeyPath.of("k3s", "registries", name), mirror)));
    return List.copyOf(parties);
  }

  private static Party store(Kind kind, KeyPath path, ObjectStoreConfig store) {
    return new Party(
        kind,
        path,
        Optional.of(store.country()),
        List.of(new Host(path.key("endpoint"), store.endpoint())));
  }

  private static Party issuer(KeyPath path, IssuerConfig issuer) {
    var url = path.key(issuer.discovery().isPresent() ? "discovery" : "jwks");
    return new Party(
        Kind.ISSUER,
        path,
        issuer.country(),
        issuer.host().map(host -> new Host(url, host.host())).stream().toList());
  }

  private static Party registry(KeyPath path, Mirror mirror) {
    var endpoints = mirror.endpoints();
    return new Party(
        Kind.REGISTRY,
        path,
        Optional.of(mirror.country()),
        IntStream.range(0, endpoints.size())
            .mapToObj(
                i ->
                    new Host(
                        path.key("endpoints").index(i), HttpsUrl.parse(endpoints.get(i)).host()))
            .toList());
  }
}
