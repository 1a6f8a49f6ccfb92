package dev.nordfaas.manifest;

import com.pulumi.core.Output;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Annotations of a pod template that change, and so roll the pods, when the files that the pods
 * read do.
 */
public final class Checksums {
  /** The checksum of the ConfigMap that the pod mounts. */
  public static final String CONFIG = "nordfaas.dev/config-checksum";

  /** The checksum of the Secret that the pod reads at its start. */
  public static final String SECRET = "nordfaas.dev/secret-checksum";

  /** The checksum of the Secret whose files the pod mounts. */
  public static final String SECRET_FILES = "nordfaas.dev/secret-files-checksum";

  private static final int LENGTH = 16;
  private static final String HMAC = "HmacSHA256";

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
   * The checksum of a generated secret, in plain text: previews show that it changed. The secret
   * cannot be guessed as long as it contains a generated password of 165 bits; a secret chosen by a
   * human must not be used here.
   */
  public static Output<String> ofGenerated(Output<String> secret) {
    return secret.applyValue(Checksums::of).asPlaintext();
  }

  /**
   * The checksum of secrets that humans may have chosen, in plain text: previews show that one
   * changed. Values cannot be tried out without the key, a generated password. Empty as long as the
   * key is: in an update of other resources only, before it was generated.
   */
  public static Output<String> ofChosen(Output<String> key, Output<Map<String, String>> secrets) {
    return Output.tuple(key, secrets).applyValue(it -> keyed(it.t1, it.t2)).asPlaintext();
  }

  private static String keyed(String key, Map<String, String> secrets) {
    if (key.isEmpty()) {
      return "";
    }
    try {
      var mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), HMAC));
      new TreeMap<>(secrets)
          .forEach(
              (name, value) -> {
                mac.update(of(name).getBytes(StandardCharsets.UTF_8));
                mac.update(of(value).getBytes(StandardCharsets.UTF_8));
              });
      return HexFormat.of().formatHex(mac.doFinal()).substring(0, LENGTH);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + HMAC, e);
    }
  }
}
