package dev.nordfaas.k3s;

import dev.nordfaas.config.K3sConfig;
import dev.nordfaas.config.K3sConfig.S3;
import dev.nordfaas.config.Secret;
import dev.nordfaas.k3s.Topology.Member;
import java.util.ArrayList;
import java.util.List;

/**
 * What the token script of a node is told besides the token, as {@code key=value} lines. The values
 * of some are secrets; whoever puts the lines together has to keep them so.
 */
public final class TokenRequest {
  /** The part of a file's name that says which token it holds, before any rotation. */
  private static final String FIRST_TOKEN = "first";

  /**
   * One line.
   *
   * @param text the key with its {@code =}, and of a value that is no secret the whole line
   * @param secrets what follows, with a colon between them
   */
  public record Line(String text, List<Secret> secrets) {}

  private TokenRequest() {}

  /** The lines for a node, without that of the token. */
  public static List<Line> of(K3sConfig config, String cluster, Topology topology, Member member) {
    var lines = new ArrayList<Line>();
    if (!member.isServer()) {
      return lines;
    }
    var isFirst = member.equals(topology.firstServer());
    lines.add(plain("first=" + isFirst));
    var snapshots = config.etcdSnapshots();
    snapshots
        .tokenPassphrase()
        .ifPresent(
            passphrase -> {
              lines.add(plain("day=" + config.rotation().token().orElse(FIRST_TOKEN)));
              lines.add(new Line("passphrase=", List.of(passphrase)));
              snapshots.s3().filter(s3 -> isFirst).ifPresent(s3 -> addStore(s3, cluster, lines));
            });
    return List.copyOf(lines);
  }

  private static void addStore(S3 s3, String cluster, List<Line> lines) {
    // Not in the snapshots' folder: K3s takes whatever is there for a snapshot.
    lines.add(
        plain(
            "s3-url=https://%s/%s/token-of-%s"
                .formatted(s3.endpoint(), s3.bucket(), s3.folder().orElse(cluster))));
    lines.add(plain("s3-region=" + s3.region()));
    lines.add(new Line("s3-user=", List.of(s3.accessKey(), s3.secretKey())));
  }

  private static Line plain(String text) {
    return new Line(text, List.of());
  }
}
