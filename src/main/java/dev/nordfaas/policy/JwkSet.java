package dev.nordfaas.policy;

import dev.nordfaas.config.model.Refusal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The public keys of an issuer (RFC 7517) in a config that everybody may read. Whether a signature
 * is one of theirs, the edge checks; here is only what could be wrong with the text.
 */
final class JwkSet {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** Of private keys (RFC 7518, 6.2.2 and 6.3.2, RFC 8037). */
  private static final Set<String> PRIVATE = Set.of("d", "p", "q", "dp", "dq", "qi", "oth");

  /** Bytes of a coordinate (RFC 7518, 6.2.1.2). */
  private static final Map<String, Integer> CURVES = Map.of("P-256", 32, "P-384", 48, "P-521", 66);

  private static final Map<String, String> ALGORITHMS =
      Map.of("P-256", "ES256", "P-384", "ES384", "P-521", "ES512");

  /** RFC 7518, 3.3. */
  private static final int SHORTEST_MODULUS = 2048;

  private static final int ED25519_BYTES = 32;

  private static final Refusal NOT_A_SET =
      new Refusal(
          "is not a JWK set",
          "use what the issuer's jwks_uri returns, such as '{\"keys\": [...]}'");

  private JwkSet() {}

  /** Why the text cannot be used with these algorithms, if it cannot; it is never shown. */
  static Optional<Refusal> refusal(String text, List<String> algorithms) {
    JsonNode keys;
    try {
      keys = JSON.readTree(text).path("keys");
    } catch (JacksonException e) {
      return Optional.of(NOT_A_SET);
    }
    if (!keys.isArray() || keys.isEmpty()) {
      return Optional.of(NOT_A_SET);
    }
    var usable = new ArrayList<String>();
    for (var i = 0; i < keys.size(); i++) {
      var refusal = refusalOfKey(keys.get(i), i + 1);
      if (refusal.isPresent()) {
        return refusal;
      }
      usable.addAll(algorithms(keys.get(i)));
    }
    var fitting = new HashSet<>(algorithms);
    fitting.retainAll(usable);
    return fitting.isEmpty()
        ? Optional.of(
            new Refusal(
                "has no key for " + String.join(", ", algorithms),
                "set algorithms to what the keys are for, such as " + usable.get(0)))
        : Optional.empty();
  }

  private static Optional<Refusal> refusalOfKey(JsonNode key, int number) {
    if (key.path("kty").asString("").equals("oct") || key.has("k")) {
      return refusal(
          "key %d is symmetric: with it, the edge could not only check tokens but make them"
              .formatted(number),
          "use an issuer that signs with a private key");
    }
    if (PRIVATE.stream().anyMatch(key::has)) {
      return refusal(
          "key %d is private, and in plain text here".formatted(number),
          "have the issuer replace it, as it is no longer private, and use its public keys");
    }
    if (!isPublicKey(key)) {
      return refusal(
          "key %d is no public key that signatures are checked with".formatted(number),
          "use RSA with 2048 bits or more, EC with P-256, P-384 or P-521, or OKP with Ed25519");
    }
    return isForSignatures(key)
        ? Optional.empty()
        : refusal(
            "key %d is not for signatures that the edge checks, and it would not start with it"
                .formatted(number),
            "leave it out of the set");
  }

  /** Sets of many issuers also have a key for encryption (RFC 7517, 4.2 and 4.4). */
  private static boolean isForSignatures(JsonNode key) {
    return Set.of("", "sig").contains(key.path("use").asString("")) && !algorithms(key).isEmpty();
  }

  private static boolean isPublicKey(JsonNode key) {
    return switch (key.path("kty").asString("")) {
      case "RSA" ->
          number(key, "n").filter(n -> n.bitLength() >= SHORTEST_MODULUS).isPresent()
              && number(key, "e").filter(e -> e.testBit(0) && e.bitLength() > 1).isPresent();
      case "EC" -> {
        var length = CURVES.getOrDefault(curve(key), 0);
        yield length > 0 && hasBytes(key, "x", length) && hasBytes(key, "y", length);
      }
      case "OKP" -> curve(key).equals("Ed25519") && hasBytes(key, "x", ED25519_BYTES);
      default -> false;
    };
  }

  private static List<String> algorithms(JsonNode key) {
    var only = key.path("alg").asString("");
    return algorithmsOfType(key).stream()
        .filter(algorithm -> only.isEmpty() || only.equals(algorithm))
        .toList();
  }

  private static List<String> algorithmsOfType(JsonNode key) {
    return switch (key.path("kty").asString("")) {
      case "RSA" -> List.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512");
      case "EC" -> List.of(ALGORITHMS.get(curve(key)));
      default -> List.of("EdDSA");
    };
  }

  private static String curve(JsonNode key) {
    return key.path("crv").asString("");
  }

  private static Optional<BigInteger> number(JsonNode key, String member) {
    return bytes(key, member)
        .filter(bytes -> bytes.length > 0)
        .map(bytes -> new BigInteger(1, bytes));
  }

  private static boolean hasBytes(JsonNode key, String member, int length) {
    return bytes(key, member).filter(bytes -> bytes.length == length).isPresent();
  }

  private static Optional<byte[]> bytes(JsonNode key, String member) {
    try {
      return Optional.of(Base64.getUrlDecoder().decode(key.path(member).asString("")));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Optional<Refusal> refusal(String reason, String fix) {
    return Optional.of(new Refusal(reason, fix));
  }
}
