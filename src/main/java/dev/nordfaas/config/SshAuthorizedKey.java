package dev.nordfaas.config;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The public key of a person or program that may log in to the hosts, without options: whoever logs
 * in may become root, and none of the options would hold them back.
 *
 * @param text type and data, and a comment if there is one
 */
public record SshAuthorizedKey(String text) {
  /** What {@link #parse} takes, roughly: for editors. */
  public static final String PATTERN =
      "\\s*(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)|sk-(ssh-ed25519|ecdsa-sha2-nistp256)@openssh\\.com)\\s+[A-Za-z0-9+/]+=*(\\s.*)?";

  static final String HINT = "a public key in OpenSSH format, such as 'ssh-ed25519 AAAA... ola'";

  private static final String ALONE = "write the key alone, from its type on";

  private static final Pattern OPTION =
      Pattern.compile(
          "(?<name>[A-Za-z0-9@.-]+)(?<value>=\"(\\\\.|[^\"\\\\])*\"?)?(?<more>,|\\s.*|$)");

  /** Those of sshd(8) with an answer of their own. */
  private static final Map<String, UnusableValueException> OPTIONS =
      Map.of(
          "from",
          new UnusableValueException(
              "restricts by 'from' where one key is used from, which the firewall does for all",
              "write the addresses into host.firewall.sshCidrs, and the key alone"),
          "command",
          new UnusableValueException(
              "has the option command, which would run instead of what Pulumi asks for", ALONE),
          "cert-authority",
          new UnusableValueException(
              "is the key of a certificate authority, and certificates are not supported",
              "write the public key of each person"),
          "expiry-time",
          new UnusableValueException(
              "has the option expiry-time, which is not supported",
              "write the key alone, and remove it when its time has come"));

  /**
   * Reads one key.
   *
   * @throws IllegalArgumentException if it cannot be used; an {@link UnusableValueException}
   */
  public static SshAuthorizedKey parse(String text) {
    var line = text.strip();
    SshPublicKey.refuseMistaken(line);
    if (line.lines().count() > 1) {
      throw new UnusableValueException(
          "has several lines", "write each key as an element of the list");
    }
    if (!SshPublicKey.isType(line.split("\\s", 2)[0])) {
      throw notAKey(line);
    }
    return new SshAuthorizedKey(SshPublicKey.parse(line).text());
  }

  private static UnusableValueException notAKey(String line) {
    var hasKey = line.matches(".*\\s(" + "(sk-)?(ssh|ecdsa)-[^\\s\"]+" + ")\\s+AAAA.*");
    var option = OPTION.matcher(line);
    if (!hasKey || !option.lookingAt()) {
      return new UnusableValueException("is no public key", "use " + HINT);
    }
    var name = option.group("name").toLowerCase(Locale.ROOT);
    var known = OPTIONS.get(name);
    if (known != null) {
      return known;
    }
    return option.group("value") == null && name.contains(".")
        ? new UnusableValueException("begins with the name of a host", ALONE)
        : new UnusableValueException(
            "has the option %s, and whoever logs in here may become root whatever it says"
                .formatted(name),
            ALONE);
  }

  @Override
  public String toString() {
    return text;
  }
}
