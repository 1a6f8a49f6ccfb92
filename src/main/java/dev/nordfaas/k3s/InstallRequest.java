package dev.nordfaas.k3s;

import dev.nordfaas.config.K3sConfig;
import dev.nordfaas.k3s.Topology.Member;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What the install script of a node is asked for, as its standard input. */
public final class InstallRequest {
  private InstallRequest() {}

  /**
   * {@code key=value} lines.
   *
   * @param files the files that K3s will read: their digest is part of the request, so that a
   *     change of them starts K3s anew
   */
  public static String render(K3sConfig config, Member member, String files) {
    var text =
        """
        version=%s
        role=%s
        node=%s
        files=%s
        """
            .formatted(
                config.version(),
                member.isServer() ? "server" : "agent",
                member.name(),
                digest(files));
    return config.installer().map(path -> text + "installer=" + path + "\n").orElse(text);
  }

  private static String digest(String text) {
    try {
      var sha256 = MessageDigest.getInstance("SHA-256");
      return "sha256:"
          + HexFormat.of().formatHex(sha256.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
