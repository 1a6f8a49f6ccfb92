package dev.nordfaas.config;

import java.net.IDN;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The origin of a page (RFC 6454), as browsers send it: they and the edge compare it byte for byte.
 *
 * @param text scheme, host, and the port unless it is the scheme's own
 */
public record WebOrigin(String text) {
  /** What an origin looks like, as a regular expression. */
  public static final String PATTERN = Patterns.ORIGIN;

  static final String HINT = Patterns.ORIGIN_HINT;

  private static final String EXAMPLE = "https://app.example.no";
  private static final Pattern PARTS = Pattern.compile("(?i)(https?)://([^/?#]*)(.*)");
  private static final Pattern USER = Pattern.compile("([^:/?#]*://)?[^/?#]*@");
  private static final Pattern LOCAL =
      Pattern.compile("https?://(localhost|[^:]*[.]localhost|127[.][0-9.]+)(:[0-9]+)?");

  /**
   * Reads an origin.
   *
   * @throws UnusableValueException if it is none that a browser sends
   */
  public static WebOrigin parse(String text) {
    if (USER.matcher(text).lookingAt()) {
      throw new UnusableValueException(
          "has a user name or a password, and an origin is scheme, host and port",
          "remove it, and change the password: the config is no place for it",
          true);
    }
    if (text.equals("null")) {
      throw new UnusableValueException(
          "is what browsers send for pages without an origin, which anybody can make",
          "serve the page from a host, and use its origin, such as " + EXAMPLE);
    }
    if (text.contains("*")) {
      throw new UnusableValueException(
          "has a wildcard, and origins are compared as they are", "list each, such as " + EXAMPLE);
    }
    var parts = PARTS.matcher(text);
    if (!parts.matches()) {
      throw text.contains(":/")
          ? new UnusableValueException("is neither of https nor of http", "use " + HINT)
          : refused("has no scheme", "https://" + text.split("[/?#]", 2)[0]);
    }
    var scheme = parts.group(1).toLowerCase(Locale.ROOT);
    var authority = parts.group(2);
    if (!parts.group(3).isEmpty()) {
      throw refused("goes on after host and port, where an origin ends", scheme, authority);
    }
    var ownPort = scheme.equals("https") ? ":443" : ":80";
    if (authority.endsWith(ownPort)) {
      throw refused("has the port that browsers leave out", scheme, authority);
    }
    if (!text.chars().allMatch(c -> c < 128)) {
      throw refused("has letters that browsers send in another form", scheme, authority);
    }
    if (!text.equals(text.toLowerCase(Locale.ROOT))) {
      throw refused("has capital letters, and browsers send none", scheme, authority);
    }
    if (!text.matches(PATTERN)) {
      throw new UnusableValueException("is not valid", "use " + HINT);
    }
    return new WebOrigin(text);
  }

  private static UnusableValueException refused(String reason, String scheme, String authority) {
    var ownPort = scheme.equals("https") ? ":443$" : ":80$";
    return refused(reason, scheme + "://" + authority.replaceFirst(ownPort, ""));
  }

  private static UnusableValueException refused(String reason, String meant) {
    return new UnusableValueException(
        reason, repaired(meant).map("write %s"::formatted).orElse("use " + HINT));
  }

  private static Optional<String> repaired(String text) {
    var scheme = text.substring(0, text.indexOf("://") + 3);
    try {
      var host = IDN.toASCII(text.substring(scheme.length())).toLowerCase(Locale.ROOT);
      return Optional.of(scheme + host).filter(origin -> origin.matches(PATTERN));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Whether nobody on the way can change the page. */
  public boolean isEncrypted() {
    return text.startsWith("https:");
  }

  /** Whether it is a page of the user's own machine, as during development. */
  public boolean isLocal() {
    return LOCAL.matcher(text).matches();
  }

  @Override
  public String toString() {
    return text;
  }
}
