package dev.nordfaas.k3s;

import dev.nordfaas.config.K3sConfig;
import dev.nordfaas.config.ObjectStoreConfig.EtcdStore;
import dev.nordfaas.config.SecretValue;
import dev.nordfaas.k3s.Topology.Member;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the token script of a node is told, as {@code key=value} lines. The values of some are
 * secrets; whoever puts the lines together has to keep them so.
 */
public final class TokenRequest {
  /** The part of a file's name that says which token it holds, before any rotation. */
  private static final String FIRST_TOKEN = "first";

  /** What is generated once for a cluster. */
  public enum Generated {
    /** What a server joins with; it opens the cluster's keys. */
    SERVER_TOKEN,
    /** What an agent joins with. */
    AGENT_TOKEN,
    /** What tells this cluster from a copy of its config. */
    CLUSTER_ID
  }

  /**
   * One line: its text, then the secrets with a colon between them, then the rest.
   *
   * @param text the key with its {@code =}, and of a value that is no secret the whole line
   * @param generated what is generated, if the line has it
   * @param secrets those of the stack config
   * @param rest what comes last
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
    // Not in the snapshots' folder: K3s takes whatever is there for a snapshot.
    lines.add(
        plain(
            "s3-url=https://%s/%s/token-of-%s"
                .formatted(s3.endpoint(), s3.bucket(), SnapshotStore.folder(s3, cluster))));
    lines.add(plain("s3-region=" + s3.region()));
    lines.add(secret("s3-user=", s3.accessKey(), s3.secretKey()));
    // The name and address are for whoever reads that the folder is another cluster's.
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
