package dev.nordfaas.queueworker.config;

import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * A path that accepts requests.
 *
 * @param name name of the route, for logs and metrics
 * @param path path of the requests
 * @param subject where to publish them
 * @param maxBodyBytes largest body
 * @param schema the body's schema: a JSON Schema, draft 2020-12 unless it names another
 */
public record Route(
    String name, String path, String subject, int maxBodyBytes, Optional<JsonNode> schema) {
  private static final Pattern PATH = Pattern.compile("/[A-Za-z0-9_.~/-]*");
  private static final Pattern SUBJECT = Pattern.compile("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*+");

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if one of them is missing or wrong
   */
  public Route {
    check(!name.isEmpty(), "a route has no name", name);
    check(PATH.matcher(path).matches(), "route %s: path is missing or wrong", name);
    check(SUBJECT.matcher(subject).matches(), "route %s: subject is missing or wrong", name);
    check(maxBodyBytes > 0, "route %s: maxBodyBytes is missing or not above 0", name);
    check(
        schema.isEmpty() || schema.get().isObject() || schema.get().isBoolean(),
        "route %s: schema is not a JSON Schema",
        name);
  }

  static Route of(JsonNode node) {
    return new Route(
        node.path("name").asString(""),
        node.path("path").asString(""),
        node.path("subject").asString(""),
        node.path("maxBodyBytes").asInt(0),
        Optional.of(node.path("schema")).filter(schema -> !schema.isMissingNode()));
  }

  private static void check(boolean valid, String reason, String name) {
    if (!valid) {
      throw new IllegalArgumentException(reason.formatted(name));
    }
  }
}
