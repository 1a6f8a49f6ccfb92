package dev.nordfaas.manifest;

import com.pulumi.core.Output;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Annotations of a pod template that change, and so roll the pods, when what the pods read does.
 */
public final class Checksums {
  /** The checksum of the ConfigMap that the pod mounts. */
  public static final String CONFIG = "nordfaas.dev/config-checksum";

  /** The checksum of the Secret that the pod reads at its start. */
  public static final String SECRET = "nordfaas.dev/secret-checksum";

  private static final int LENGTH = 16;

  private Checksums() {}

  /** The first 64 bits of the text's SHA-256, in hexadecimal. */
  public static String of(String text) {
    try {
      var digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest).substring(0, LENGTH);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /**
   * The checksum of a generated secret, in plain text: previews show that it changed. Nobody finds
   * the secret behind it as long as that holds a generated password of 165 bits; a secret that a
   * human chose must not go in here.
   */
  public static Output<String> ofGenerated(Output<String> secret) {
    return secret.applyValue(Checksums::of).asPlaintext();
  }
}
