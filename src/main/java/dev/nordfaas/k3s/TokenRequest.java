package dev.nordfaas.k3s;

import dev.nordfaas.config.K3sConfig;
import dev.nordfaas.config.ObjectStoreConfig.EtcdStore;
import dev.nordfaas.config.SecretValue;
import dev.nordfaas.k3s.Topology.Member;
import java.util.ArrayList;
import java.util.List;

/**
 * Input of a node's token script, as {@code key=value} lines. Some values are secrets; callers that
 * combine the parts have to keep them secret.
 */
public final class TokenRequest {
  /** The part of a file's name that says which token it holds, before any rotation. */
  private static final String FIRST_TOKEN = "first";

  /** A piece of the request. */
  public sealed interface Part permits Text, Secret, FromCluster {}

  /** A piece that is not secret. */
  public record Text(String text) implements Part {}

  /** A secret from the stack config. */
  public record Secret(SecretValue value) implements Part {}

  /** A value that comes with the cluster rather than from the stack config. */
  public enum FromCluster implements Part {
    /** The token that servers join with; it decrypts the cluster's keys. Generated once. */
    SERVER_TOKEN,
    /** The token that agents join with. Generated once. */
    AGENT_TOKEN,
    /** Distinguishes this cluster from a copy of its config. Generated once. */
    CLUSTER_ID,
    /** The hash of the cluster's CA, read from the first server once it runs. */
    CA_HASH
  }

  private final List<Part> parts = new ArrayList<>();

  private TokenRequest() {}

  /** The parts of a node's request, in their order. */
  public static List<Part> of(K3sConfig config, String cluster, Topology topology, Member member) {
    var request = new TokenRequest();
    var isFirst = member.equals(topology.firstServer());
    request.line(text("node=" + member.name()));
    request.line(text("role=" + (member.isServer() ? "server" : "agent")));
    var away = topology.awayServers();
    if (!away.isEmpty()) {
      request.line(text("away=" + String.join(" and ", away)));
    }
    request.putToken(member, isFirst);
    if (member.isServer()) {
      request.line(text("agent-token="), FromCluster.AGENT_TOKEN);
      request.line(text("first=" + isFirst));
      request.putCopies(config, cluster, member, isFirst);
    }
    return List.copyOf(request.parts);
  }

  /**
   * A node that joins gets the full form, with the hash of the CA: with the secret alone, K3s would
   * send it to whoever answers at the server's address (source: pkg/clientaccess/token.go). The
   * first server joins nobody.
   */
  private void putToken(Member member, boolean isFirst) {
    var secret = member.isServer() ? FromCluster.SERVER_TOKEN : FromCluster.AGENT_TOKEN;
    if (isFirst) {
      line(text("token="), secret);
    } else {
      var user = member.isServer() ? "server" : "node";
      line(text("token=K10"), FromCluster.CA_HASH, text("::" + user + ":"), secret);
    }
  }

  private void putCopies(K3sConfig config, String cluster, Member member, boolean isFirst) {
    var snapshots = config.etcdSnapshots();
    snapshots
        .tokenPassphrase()
        .ifPresent(
            passphrase -> {
              line(text("day=" + config.rotation().token().orElse(FIRST_TOKEN)));
              line(text("passphrase="), new Secret(passphrase));
              snapshots.s3().filter(s3 -> isFirst).ifPresent(s3 -> putStore(s3, cluster, member));
            });
  }

  private void putStore(EtcdStore s3, String cluster, Member first) {
    // Not in the snapshots' folder: K3s treats everything there as a snapshot.
    line(
        text(
            "s3-url=https://%s/%s/token-of-%s"
                .formatted(s3.endpoint(), s3.bucket(), SnapshotStore.folder(s3, cluster))));
    line(text("s3-region=" + s3.region()));
    line(text("s3-user="), new Secret(s3.accessKey()), text(":"), new Secret(s3.secretKey()));
    // The name and address are for the message that the folder belongs to another cluster.
    line(
        text("s3-owner="),
        FromCluster.CLUSTER_ID,
        text(" %s at %s".formatted(first.name(), first.node().address())));
  }

  private void line(Part... line) {
    parts.addAll(List.of(line));
    parts.add(text("\n"));
  }

  private static Part text(String text) {
    return new Text(text);
  }
}
