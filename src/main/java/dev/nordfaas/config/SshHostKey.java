package dev.nordfaas.config;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The public host key of a machine. The Command plug-in requests a pinned RSA key only as {@code
 * ssh-rsa}, which OpenSSH has not offered since 8.8.
 *
 * @param text type and data, and a comment if there is one
 */
public record SshHostKey(String text) {
  /** What {@link #parse} takes, roughly: for editors. */
  public static final String PATTERN =
      "[^\\u0000]*(ssh-ed25519|ecdsa-sha2-nistp(256|384|521))\\s[^\\u0000]*";

  static final String HINT =
      "the public Ed25519 or ECDSA host key (an RSA key cannot be checked), such as 'ssh-ed25519 AAAA...'; ssh-keyscan's lines will do";

  private static final String KEYSCAN = "write what 'ssh-keyscan -t ed25519 ADDRESS' prints";

  /**
   * Reads a public key, or what {@code ssh-keyscan} and known_hosts have: comments, and keys after
   * the names of their host. Of several keys, the Ed25519 one counts.
   *
   * @throws IllegalArgumentException if there is none that can be used; an {@link
   *     UnusableValueException}
   */
  public static SshHostKey parse(String text) {
    SshPublicKey.refuseMistaken(text.strip());
    var keys = lines(text).map(SshHostKey::withoutHost).toList();
    var best =
        keys.stream()
            .min(Comparator.comparing(SshHostKey::rank))
            .orElseThrow(() -> new UnusableValueException("has no key", KEYSCAN));
    return new SshHostKey(usable(best).text());
  }

  private static Stream<String> lines(String text) {
    return text.lines().map(String::strip).filter(line -> !line.isEmpty() && !line.startsWith("#"));
  }

  private static int rank(String key) {
    var type = key.split("\\s", 2)[0];
    return type.equals(SshPublicKey.ED25519) ? 0 : SshPublicKey.ECDSA.contains(type) ? 1 : 2;
  }

  private static SshPublicKey usable(String key) {
    var type = key.split("\\s", 2)[0];
    if (type.equals(SshPublicKey.RSA) || type.startsWith("rsa-sha2-")) {
      throw new UnusableValueException(
          "is an RSA key, which the Command plug-in cannot check", KEYSCAN);
    }
    if (SshPublicKey.TOKENS.contains(type)) {
      throw new UnusableValueException(
          "is the key of a person's security token, and no host's", KEYSCAN);
    }
    if (!SshPublicKey.isType(type)) {
      throw new UnusableValueException("is no public key", KEYSCAN);
    }
    return SshPublicKey.parse(key);
  }

  /** The names may be hashed: they are not looked at. */
  private static String withoutHost(String line) {
    if (line.startsWith("@")) {
      throw new UnusableValueException(
          "has the mark %s of known_hosts, and only a host's own key can be checked"
              .formatted(line.split("\\s", 2)[0]),
          KEYSCAN);
    }
    var words = List.of(line.split("\\s+", 3));
    return words.size() == 3
            && !SshPublicKey.isType(words.get(0))
            && SshPublicKey.isType(words.get(1))
        ? words.get(1) + " " + words.get(2)
        : line;
  }

  @Override
  public String toString() {
    return text;
  }
}
