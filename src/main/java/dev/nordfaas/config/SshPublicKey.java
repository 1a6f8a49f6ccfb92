package dev.nordfaas.config;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A public key in OpenSSH format.
 *
 * @param type such as {@code ssh-ed25519}
 * @param data base64, checked to hold a key of that type
 * @param comment who or what it is of; may be empty
 */
record SshPublicKey(String type, String data, String comment) {
  static final String ED25519 = "ssh-ed25519";
  static final String RSA = "ssh-rsa";
  static final List<String> ECDSA =
      List.of("ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521");
  static final List<String> TOKENS =
      List.of("sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com");

  private static final String DSA = "ssh-dss";
  private static final Pattern TYPE =
      Pattern.compile("(sk-)?(ssh|ecdsa|rsa)-[a-z0-9-]+(@openssh\\.com)?");

  /** Bytes of an uncompressed point. */
  private static final Map<String, Integer> POINTS =
      Map.of("nistp256", 65, "nistp384", 97, "nistp521", 133);

  /** NIST SP 800-131A, from 2014 on. */
  private static final int LEAST_RSA_BITS = 2048;

  private static final String COPY =
      "copy the whole line again, as one line, from the file that ends in .pub";

  /** Whether a word names a type of key, a known one or not. */
  static boolean isType(String word) {
    return TYPE.matcher(word).matches();
  }

  /** Type, data and comment, separated by white space. */
  static SshPublicKey parse(String text) {
    var words = text.strip().split("\\s+", 3);
    var type = words[0];
    if (type.contains("-cert-v01@")) {
      throw new UnusableValueException(
          "is a certificate, and not the key itself", "write the public key that it certifies");
    }
    if (type.equals(DSA)) {
      throw new UnusableValueException(
          "is a DSA key, which OpenSSH has not accepted since 7.0",
          "make an Ed25519 key: ssh-keygen -t ed25519");
    }
    if (words.length < 2) {
      throw new UnusableValueException("has a type, but no key", COPY);
    }
    var key = new SshPublicKey(type, words[1], words.length > 2 ? words[2].strip() : "");
    new Data(key).check();
    return key;
  }

  /** Refuses what people give instead of a public key. */
  static void refuseMistaken(String text) {
    if (text.contains("PRIVATE KEY") || text.startsWith("PuTTY-User-Key-File")) {
      throw new UnusableValueException(
          "is a private key, which must not be here",
          "make a new pair of keys, and write the public one, from the file that ends in .pub",
          true);
    }
    if (text.startsWith("---- BEGIN SSH2")) {
      throw new UnusableValueException(
          "is in the format of RFC 4716, as PuTTY saves keys",
          "write what 'ssh-keygen -i -f FILE' prints");
    }
    if (text.startsWith("SHA256:") || text.startsWith("MD5:")) {
      throw new UnusableValueException(
          "is a fingerprint", "write the public key, such as 'ssh-ed25519 AAAA...'");
    }
    if (text.matches("[~./][^ ]*|[^ ]+\\.pub")) {
      throw new UnusableValueException("is the name of a file", "write what is in it");
    }
  }

  /** The key on one line, with single spaces. */
  String text() {
    return comment.isEmpty()
        ? "%s %s".formatted(type, data)
        : String.join(" ", type, data, comment);
  }

  /** The fields of a key's data: each has its length before it (RFC 4253, RFC 5656, RFC 8709). */
  private static final class Data {
    private final String type;
    private final ByteBuffer bytes;

    Data(SshPublicKey key) {
      this.type = key.type();
      try {
        this.bytes = ByteBuffer.wrap(Base64.getDecoder().decode(key.data()));
      } catch (IllegalArgumentException e) {
        throw new UnusableValueException(
            "is cut off or mistyped: after %s there is no base64".formatted(type), COPY);
      }
    }

    void check() {
      var found = text(next());
      if (!found.equals(type)) {
        throw new UnusableValueException(
            isType(found)
                ? "says %s, but its data is a key of type %s".formatted(type, found)
                : "says %s, but its data is no such key".formatted(type),
            COPY);
      }
      checkFields();
      if (bytes.hasRemaining()) {
        throw new UnusableValueException(
            "has %d bytes too many for %s".formatted(bytes.remaining(), type), COPY);
      }
    }

    private void checkFields() {
      switch (type) {
        case ED25519 -> point(32);
        case RSA -> {
          next();
          checkRsa(next());
        }
        case "sk-ssh-ed25519@openssh.com" -> {
          point(32);
          next();
        }
        case "sk-ecdsa-sha2-nistp256@openssh.com" -> {
          curve("nistp256");
          next();
        }
        default -> {
          if (!ECDSA.contains(type)) {
            throw new UnusableValueException(
                "is of the type %s, which nordfaas does not know".formatted(type),
                "make an Ed25519 key: ssh-keygen -t ed25519");
          }
          curve(type.substring(type.lastIndexOf('-') + 1));
        }
      }
    }

    private void curve(String name) {
      if (!text(next()).equals(name)) {
        throw new UnusableValueException(
            "says %s, but its data is of another curve".formatted(type), COPY);
      }
      point(POINTS.getOrDefault(name, 0));
    }

    private void point(int length) {
      if (next().length != length) {
        throw new UnusableValueException(
            "says %s, but its data is no such key".formatted(type), COPY);
      }
    }

    private static void checkRsa(byte[] modulus) {
      var bits = new BigInteger(1, modulus).bitLength();
      if (bits < LEAST_RSA_BITS) {
        throw new UnusableValueException(
            "is an RSA key of %d bits, and fewer than %d are not safe"
                .formatted(bits, LEAST_RSA_BITS),
            "make an Ed25519 key: ssh-keygen -t ed25519");
      }
    }

    private byte[] next() {
      var length = bytes.remaining() < 4 ? -1 : bytes.getInt();
      if (length < 0 || length > bytes.remaining()) {
        throw new UnusableValueException("is cut off: the data of the key goes on", COPY);
      }
      var field = new byte[length];
      bytes.get(field);
      return field;
    }

    private static String text(byte[] field) {
      return new String(field, StandardCharsets.ISO_8859_1);
    }
  }
}
