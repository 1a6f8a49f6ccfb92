package dev.nordfaas.k3s;

import dev.nordfaas.config.K3sConfig;
import dev.nordfaas.config.ObjectStoreConfig.EtcdStore;
import dev.nordfaas.config.SecretValue;
import dev.nordfaas.k3s.Topology.Member;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Input of a node's token script, as {@code key=value} lines. Some values are secrets; callers that
 * combine the lines have to keep them secret.
 */
public final class TokenRequest {
  /** The part of a file's name that says which token it holds, before any rotation. */
  private static final String FIRST_TOKEN = "first";

  /** Secrets that are generated once per cluster. */
  public enum Generated {
    /** The token that servers join with; it decrypts the cluster's keys. */
    SERVER_TOKEN,
    /** The token that agents join with. */
    AGENT_TOKEN,
    /** Distinguishes this cluster from a copy of its config. */
    CLUSTER_ID
  }

  /**
   * One line: its text, then the secrets with a colon between them, then the rest.
   *
   * @param text the key with its {@code =}, or the whole line if the value is not a secret
   * @param generated the generated value of the line, if any
   * @param secrets secrets from the stack config
   * @param rest the end of the line
   */
  public record Line(
      String text, Optional<Generated> generated, List<SecretValue> secrets, String rest) {}

  private TokenRequest() {}

  /** The lines for a node. */
  public static List<Line> of(K3sConfig config, String cluster, Topology topology, Member member) {
    if (!member.isServer()) {
      return List.of(generated("token=", Generated.AGENT_TOKEN, ""));
    }
    var lines = new ArrayList<Line>();
    lines.add(generated("token=", Generated.SERVER_TOKEN, ""));
    lines.add(generated("agent-token=", Generated.AGENT_TOKEN, ""));
    var isFirst = member.equals(topology.firstServer());
    lines.add(plain("first=" + isFirst));
    var snapshots = config.etcdSnapshots();
    snapshots
        .tokenPassphrase()
        .ifPresent(
            passphrase -> {
              lines.add(plain("day=" + config.rotation().token().orElse(FIRST_TOKEN)));
              lines.add(secret("passphrase=", passphrase));
              snapshots
                  .s3()
                  .filter(s3 -> isFirst)
                  .ifPresent(s3 -> addStore(s3, cluster, member, lines));
            });
    return List.copyOf(lines);
  }

  private static void addStore(EtcdStore s3, String cluster, Member first, List<Line> lines) {
    // Not in the snapshots' folder: K3s treats everything there as a snapshot.
    lines.add(
        plain(
            "s3-url=https://%s/%s/token-of-%s"
                .formatted(s3.endpoint(), s3.bucket(), SnapshotStore.folder(s3, cluster))));
    lines.add(plain("s3-region=" + s3.region()));
    lines.add(secret("s3-user=", s3.accessKey(), s3.secretKey()));
    // The name and address are for the message that the folder belongs to another cluster.
    lines.add(
        generated(
            "s3-owner=",
            Generated.CLUSTER_ID,
            " %s at %s".formatted(first.name(), first.node().address())));
  }

  private static Line generated(String key, Generated generated, String rest) {
    return new Line(key, Optional.of(generated), List.of(), rest);
  }

  private static Line secret(String key, SecretValue... secrets) {
    return new Line(key, Optional.empty(), List.of(secrets), "");
  }

  private static Line plain(String text) {
    return new Line(text, Optional.empty(), List.of(), "");
  }
}
