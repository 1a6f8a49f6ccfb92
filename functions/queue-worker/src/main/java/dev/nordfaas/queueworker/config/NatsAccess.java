package dev.nordfaas.queueworker.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How to log in to NATS.
 *
 * @param urls addresses, such as {@code nats://nats.nats.svc.cluster.local:4222}
 * @param user user to log in as; its inboxes begin with {@code _INBOX_<user>}
 * @param password its password
 * @param ca PEM file of the authority that signed the servers' certificates; without it plain TCP
 */
public record NatsAccess(List<String> urls, String user, String password, Optional<Path> ca) {
  static NatsAccess read(Environment environment) {
    return new NatsAccess(
        environment.required("NATS_URL", List.of(), Environment.list(NatsAccess::url)),
        environment.required("NATS_USER", "", NatsAccess::token),
        environment.required("NATS_PASSWORD", "", text -> text),
        environment.optional("NATS_CA", NatsAccess::file));
  }

  /**
   * Reads only these variables.
   *
   * @throws InvalidEnvironmentException if any of them is missing or wrong
   */
  public static NatsAccess read(Map<String, String> variables) {
    var environment = new Environment(variables);
    var access = read(environment);
    environment.check();
    return access;
  }

  /** Without the password. */
  @Override
  public String toString() {
    return "%s as %s".formatted(String.join(",", urls), user);
  }

  private static String url(String text) {
    if (!text.matches("(nats|tls)://[^@/\\s]+")) {
      throw new IllegalArgumentException(
          "is not an address; write nats://host:4222, without user and password");
    }
    return text;
  }

  private static String token(String text) {
    if (!text.matches("[A-Za-z0-9_-]+")) {
      throw new IllegalArgumentException(
          "'%s' has characters other than letters, digits, '-' and '_'".formatted(text));
    }
    return text;
  }

  private static Path file(String text) {
    var path = Path.of(text);
    if (!Files.isReadable(path)) {
      throw new IllegalArgumentException("there is no readable file " + text);
    }
    return path;
  }
}
