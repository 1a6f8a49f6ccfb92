package dev.nordfaas.orderprocessor;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A connection string such as {@code postgres://user:password@host:6432/orders}, whose parts may be
 * percent-encoded. It contains a password: neither its text nor part of it ever appears in a
 * message.
 *
 * @param port TCP port; 5432 if the text has none
 * @param sslMode how far TLS goes, such as {@code verify-full}; as for libpq
 * @param sslRootCert path of a PEM file with the authorities to trust
 */
record DatabaseUrl(
    String host,
    int port,
    String database,
    String user,
    String password,
    Optional<String> sslMode,
    Optional<String> sslRootCert) {

  private static final String SSL_MODE = "sslmode";
  private static final String SSL_ROOT_CERT = "sslrootcert";

  private static final Set<String> KNOWN_PARAMETERS = Set.of(SSL_MODE, SSL_ROOT_CERT);
  private static final int DEFAULT_PORT = 5432;
  private static final Set<String> SCHEMES = Set.of("postgres", "postgresql");

  /** Parses the text; empty if it does not have that form. */
  static Optional<DatabaseUrl> parse(String text) {
    try {
      return of(new URI(text));
    } catch (URISyntaxException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Optional<DatabaseUrl> of(URI uri) {
    var scheme = uri.getScheme();
    var credentials = uri.getRawUserInfo();
    var path = uri.getRawPath();
    if (scheme == null
        || !SCHEMES.contains(scheme)
        || uri.getHost() == null
        || credentials == null
        || path == null) {
      return Optional.empty();
    }
    var colon = credentials.indexOf(':');
    var parameters = parameters(uri.getRawQuery() == null ? "" : uri.getRawQuery());
    if (colon < 1 || path.length() < 2 || !KNOWN_PARAMETERS.containsAll(parameters.keySet())) {
      return Optional.empty();
    }
    return Optional.of(
        new DatabaseUrl(
            uri.getHost(),
            uri.getPort() == -1 ? DEFAULT_PORT : uri.getPort(),
            decode(path.substring(1)),
            decode(credentials.substring(0, colon)),
            decode(credentials.substring(colon + 1)),
            Optional.ofNullable(parameters.get(SSL_MODE)),
            Optional.ofNullable(parameters.get(SSL_ROOT_CERT))));
  }

  private static Map<String, String> parameters(String query) {
    var parameters = new TreeMap<String, String>();
    for (var pair : query.split("&", -1)) {
      if (!pair.isEmpty()) {
        var equals = pair.indexOf('=');
        parameters.put(
            decode(equals < 0 ? pair : pair.substring(0, equals)),
            equals < 0 ? "" : decode(pair.substring(equals + 1)));
      }
    }
    return parameters;
  }

  /** In a URI, unlike in a form, a plus sign is a plus sign. */
  private static String decode(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return "%s@%s:%d/%s".formatted(user, host, port, database);
  }
}
