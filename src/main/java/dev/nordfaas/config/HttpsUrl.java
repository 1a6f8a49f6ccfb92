package dev.nordfaas.config;

import java.util.regex.Pattern;

/**
 * Where an https URL leads. {@link java.net.URI} finds no host and no port in valid ones, such as
 * {@code https://mirror.3com:8443}, whose last label begins with a digit.
 *
 * @param host a name or an IPv4 address
 * @param port TCP port, 443 unless the URL has one
 */
public record HttpsUrl(String host, int port) {
  private static final int DEFAULT_PORT = 443;
  private static final Pattern SYNTAX = Pattern.compile("https://([^/:]+)(?::([0-9]+))?(?:/.*)?");

  /**
   * Reads a URL that a key of the stack config has accepted.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static HttpsUrl parse(String url) {
    var found = SYNTAX.matcher(url);
    if (!found.matches()) {
      throw new IllegalArgumentException(url + " is no https URL");
    }
    return new HttpsUrl(
        found.group(1), found.group(2) == null ? DEFAULT_PORT : Integer.parseInt(found.group(2)));
  }
}
