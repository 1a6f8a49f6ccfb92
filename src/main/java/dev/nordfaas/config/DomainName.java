package dev.nordfaas.config;

import java.net.IDN;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The DNS name of the edge.
 *
 * @param text in lower case, without a dot at its end; what is not ASCII as Punycode
 */
public record DomainName(String text) {
  /** What a name looks like, as a regular expression. */
  public static final String PATTERN = Patterns.DNS_NAME;

  static final String HINT = Patterns.DNS_NAME_HINT;

  private static final Pattern ADDRESS =
      Pattern.compile("\\[?(" + Patterns.IPV4 + "|" + Patterns.IPV6 + ")]?");

  /**
   * Ends of names that nobody can register: RFC 2606, 6761, 6762, 7686, 8375 and 9476; those that
   * ICANN keeps out of the DNS (.internal: 2024; .corp, .home, .mail: 2018); and those that RFC
   * 6762, appendix G, found in private networks.
   */
  private static final Set<String> NEVER_PUBLIC =
      Set.of(
          "alt",
          "arpa",
          "corp",
          "domain",
          "example",
          "example.com",
          "example.net",
          "example.org",
          "home",
          "internal",
          "intranet",
          "invalid",
          "lan",
          "local",
          "localdomain",
          "localhost",
          "mail",
          "onion",
          "private",
          "test");

  /**
   * Reads a name.
   *
   * @throws UnusableValueException if it is not one
   */
  public static DomainName parse(String text) {
    if (text.contains("://")) {
      throw refused("is a URL, not a name", text.replaceFirst("^[^:]*://", "").split("[:/]", 2)[0]);
    }
    if (ADDRESS.matcher(text).matches()) {
      throw new UnusableValueException(
          "is an IP address, and a certificate and the edge's routes are for a name",
          "use " + HINT);
    }
    if (text.matches(".*:[0-9]+")) {
      throw refused("has a port, and the edge always uses 443", text.replaceFirst(":[0-9]+$", ""));
    }
    if (text.contains("*")) {
      throw refused(
          "is a wildcard, and the edge serves one name", text.replaceFirst("^\\*", "faas"));
    }
    if (text.endsWith(".")) {
      throw refused("ends in a dot", text);
    }
    if (!text.chars().allMatch(c -> c < 128)) {
      throw refused("has letters that DNS does not have", text);
    }
    if (!text.equals(text.toLowerCase(Locale.ROOT))) {
      throw refused("has capital letters", text);
    }
    if (!text.matches(PATTERN)) {
      throw new UnusableValueException("is not valid", "use " + HINT);
    }
    return new DomainName(text);
  }

  private static UnusableValueException refused(String reason, String meant) {
    return new UnusableValueException(
        reason, repaired(meant).map("write %s"::formatted).orElse("use " + HINT));
  }

  private static Optional<String> repaired(String text) {
    try {
      var repaired = IDN.toASCII(text).toLowerCase(Locale.ROOT).replaceFirst("\\.$", "");
      return Optional.of(repaired).filter(name -> name.matches(PATTERN));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /**
   * Why no public authority gives anybody a certificate for the name, as a clause; empty if one
   * may.
   */
  public Optional<String> whyNotPublic() {
    var name = "." + text;
    if (text.indexOf('.') < 0) {
      return Optional.of("has no dot, and no public authority certifies such a name");
    }
    return NEVER_PUBLIC.stream()
        .filter(end -> name.endsWith("." + end))
        .max(Comparator.comparingInt(String::length))
        .map("ends in .%s, which no public authority certifies"::formatted);
  }

  @Override
  public String toString() {
    return text;
  }
}
