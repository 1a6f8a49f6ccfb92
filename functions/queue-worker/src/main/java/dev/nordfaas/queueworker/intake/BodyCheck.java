package dev.nordfaas.queueworker.intake;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.nordfaas.queueworker.config.Route;
import dev.nordfaas.queueworker.json.Json;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Checks that a body is JSON and valid by its route's schema. */
final class BodyCheck {
  /** Enough to fix a request. */
  private static final int MAX_PROBLEMS = 10;

  private final Optional<Schema> schema;

  /**
   * Creates the check of one route.
   *
   * @throws IllegalArgumentException if the schema itself is wrong
   */
  BodyCheck(Route route) {
    this.schema = route.schema().map(node -> compile(route.name(), node));
  }

  private static Schema compile(String route, JsonNode node) {
    var registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    var problems =
        registry
            .getSchema(SchemaLocation.of(SpecificationVersion.DRAFT_2020_12.getDialectId()))
            .validate(node);
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(
          "ROUTES: route %s: the schema is wrong: %s".formatted(route, problems.get(0)));
    }
    return registry.getSchema(node);
  }

  /** The body's problems; empty if there are none. */
  List<String> problems(byte[] body) {
    try {
      var node = Json.MAPPER.readTree(body);
      if (node.isMissingNode()) {
        return List.of("the body is empty");
      }
      return schema.map(check -> violations(check, node)).orElse(List.of());
    } catch (JacksonException e) {
      return List.of("the body is not JSON: " + e.getOriginalMessage());
    }
  }

  private static List<String> violations(Schema schema, JsonNode node) {
    return schema.validate(node).stream().limit(MAX_PROBLEMS).map(Error::toString).toList();
  }
}
