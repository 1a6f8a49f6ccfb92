package dev.nordfaas.queueworker.intake;

import com.networknt.schema.Error;
import com.networknt.schema.ExecutionConfig;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.ValidationLimitExceededException;
import com.networknt.schema.dialect.DefaultDialectRegistry;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.DialectRegistry;
import dev.nordfaas.queueworker.config.Route;
import dev.nordfaas.queueworker.intake.Violations.Enough;
import dev.nordfaas.queueworker.intake.Violations.TooCostly;
import dev.nordfaas.queueworker.json.Json;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Checks that a body is JSON and valid by its route's schema. What the check may take grows with
 * the size of the body, whatever is in it.
 */
final class BodyCheck {
  static final String TOO_COSTLY = "checking the body takes too long; it is not accepted";

  /** A problem may quote names from the body. */
  private static final int MAX_LENGTH = 500;

  /** What any body may take. */
  private static final long FREE = 100_000;

  /** Keywords evaluated for each byte; orders need one for two or three bytes. */
  private static final long STEPS_FOR_A_BYTE = 16;

  /** Characters that patterns look at for each byte; orders need one or two. */
  private static final long LOOKS_FOR_A_BYTE = 50;

  /** Violations in branches of {@code anyOf} and the like that any body may have. */
  private static final long FREE_VIOLATIONS = 1000;

  /** Bytes for each further one; a branch that does not match has a few for each item. */
  private static final long BYTES_FOR_A_VIOLATION = 4;

  private final BoundedPatterns patterns = new BoundedPatterns();
  private final Optional<Schema> schema;

  /**
   * Creates the check of one route.
   *
   * @throws IllegalArgumentException if the schema itself is wrong
   */
  BodyCheck(Route route) {
    this.schema = route.schema().map(node -> compile(route.name(), node));
  }

  private Schema compile(String route, JsonNode node) {
    var registry =
        SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12,
            builder ->
                builder
                    .dialectRegistry(dialects())
                    .schemaRegistryConfig(
                        SchemaRegistryConfig.builder().regularExpressionFactory(patterns).build()));
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

  private static DialectRegistry dialects() {
    var ours = new ConcurrentHashMap<String, Dialect>();
    var standard = DefaultDialectRegistry.getInstance();
    return (id, registry) ->
        ours.computeIfAbsent(
            id,
            any ->
                Dialect.builder(standard.getDialect(id, registry))
                    .keyword(new UniqueItems())
                    .build());
  }

  /** The body's problems, at most ten; empty if there are none. */
  List<String> problems(byte[] body) {
    try {
      var node = Json.MAPPER.readTree(body);
      if (node.isMissingNode()) {
        return List.of("the body is empty");
      }
      return schema.map(check -> violations(check, node, body.length)).orElse(List.of());
    } catch (JacksonException e) {
      return List.of(shortened("the body is not JSON: " + e.getOriginalMessage()));
    }
  }

  private List<String> violations(Schema check, JsonNode node, int bytes) {
    var config =
        ExecutionConfig.builder()
            .annotationCollectionEnabled(false)
            .maxEvaluationSteps(FREE + STEPS_FOR_A_BYTE * bytes)
            .build();
    var violations = new Violations(config, FREE_VIOLATIONS + bytes / BYTES_FOR_A_VIOLATION);
    patterns.allow(FREE + LOOKS_FOR_A_BYTE * bytes);
    try {
      check.validate(violations, node);
    } catch (Enough e) {
      return texts(violations);
    } catch (TooCostly | ValidationLimitExceededException | StackOverflowError e) {
      return List.of(TOO_COSTLY);
    }
    return texts(violations);
  }

  private static List<String> texts(Violations violations) {
    return violations.found().stream().map(Error::toString).map(BodyCheck::shortened).toList();
  }

  private static String shortened(String problem) {
    return problem.length() <= MAX_LENGTH ? problem : problem.substring(0, MAX_LENGTH) + "...";
  }
}
