package dev.nordfaas.testing;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Tokens of a made-up issuer (RFC 7519). */
public final class Tokens {
  private static final JsonMapper JSON = new JsonMapper();

  private Tokens() {}

  /** A token that is signed with RS256. */
  public static String signed(KeyPair pair, Map<String, Object> claims) {
    var content = content("RS256", claims);
    try {
      var signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(pair.getPrivate());
      signature.update(content.getBytes(StandardCharsets.US_ASCII));
      return content + "." + Jwks.base64(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A token that nobody has signed. */
  public static String unsigned(Map<String, Object> claims) {
    return content("none", claims) + ".";
  }

  private static String content(String algorithm, Map<String, Object> claims) {
    return part(Map.of("alg", algorithm, "typ", "JWT")) + "." + part(claims);
  }

  private static String part(Map<String, Object> json) {
    return Jwks.base64(JSON.writeValueAsString(json).getBytes(StandardCharsets.UTF_8));
  }
}
