package dev.nordfaas.testing;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;

/** Public keys as JSON (RFC 7517). */
public final class Jwks {
  private Jwks() {}

  /** A set of them. */
  public static String of(String... keys) {
    return "{\"keys\": [%s]}".formatted(String.join(", ", keys));
  }

  /** A new pair of RSA keys. */
  public static KeyPair pair(int bits) {
    try {
      var generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(bits);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A new RSA key. */
  public static String rsa(int bits) {
    return rsa((RSAPublicKey) pair(bits).getPublic());
  }

  /** An RSA key. */
  public static String rsa(RSAPublicKey key) {
    return "{\"kty\": \"RSA\", \"n\": \"%s\", \"e\": \"%s\"}"
        .formatted(
            base64(unsigned(key.getModulus(), (key.getModulus().bitLength() + 7) / 8)),
            base64(unsigned(key.getPublicExponent(), 3)));
  }

  /** A new key on the curve of that name in Java. */
  public static String ec(String curve) {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec(curve));
      var key = (ECPublicKey) generator.generateKeyPair().getPublic();
      var bits = key.getParams().getCurve().getField().getFieldSize();
      var point = key.getW();
      return "{\"kty\": \"EC\", \"crv\": \"P-%d\", \"x\": \"%s\", \"y\": \"%s\"}"
          .formatted(
              bits,
              base64(unsigned(point.getAffineX(), (bits + 7) / 8)),
              base64(unsigned(point.getAffineY(), (bits + 7) / 8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The key with one more member. */
  public static String with(String key, String member, String value) {
    return key.replace("}", ", \"%s\": \"%s\"}".formatted(member, value));
  }

  private static byte[] unsigned(BigInteger number, int length) {
    var bytes = number.toByteArray();
    var result = new byte[length];
    var from = Math.max(0, bytes.length - length);
    var digits = Arrays.copyOfRange(bytes, from, bytes.length);
    System.arraycopy(digits, 0, result, length - digits.length, digits.length);
    return result;
  }

  /** Base64 as JWT have it. */
  public static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
