package dev.nordfaas.postgres;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A verifier, which checks a password with SCRAM-SHA-256 (RFC 5802, RFC 7677) and does not contain
 * it.
 */
final class ScramVerifier {
  /** PostgreSQL's default. */
  private static final int ITERATIONS = 4096;

  private static final int SALT_BYTES = 16;
  private static final int KEY_BITS = 256;
  private static final String HMAC = "HmacSHA256";
  private static final String SHA_256 = "SHA-256";

  private ScramVerifier() {}

  /**
   * The verifier in PostgreSQL's form. The same password always has the same one, so that a preview
   * shows no change: the salt, which is public, is a digest of the password.
   *
   * @param password a generated password, of letters and digits; one of 165 bits cannot be found
   *     from its digest
   */
  static String of(String password) {
    try {
      var salt =
          Arrays.copyOf(
              sha256(("salt of " + password).getBytes(StandardCharsets.UTF_8)), SALT_BYTES);
      return of(password, salt, ITERATIONS);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has SCRAM's algorithms", e);
    }
  }

  static String of(String password, byte[] salt, int iterations) throws GeneralSecurityException {
    var salted =
        SecretKeyFactory.getInstance("PBKDF2With" + HMAC)
            .generateSecret(new PBEKeySpec(password.toCharArray(), salt, iterations, KEY_BITS))
            .getEncoded();
    var base64 = Base64.getEncoder();
    return "SCRAM-SHA-256$%d:%s$%s:%s"
        .formatted(
            iterations,
            base64.encodeToString(salt),
            base64.encodeToString(sha256(hmac(salted, "Client Key"))),
            base64.encodeToString(hmac(salted, "Server Key")));
  }

  private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
    var mac = Mac.getInstance(HMAC);
    mac.init(new SecretKeySpec(key, HMAC));
    return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] sha256(byte[] bytes) throws GeneralSecurityException {
    return MessageDigest.getInstance(SHA_256).digest(bytes);
  }
}
