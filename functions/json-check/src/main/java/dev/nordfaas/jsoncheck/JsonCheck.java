package dev.nordfaas.jsoncheck;

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
import dev.nordfaas.jsoncheck.Violations.Enough;
import dev.nordfaas.jsoncheck.Violations.TooCostly;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * Checks that a body is JSON and valid by a schema. What the check may take grows with the size of
 * the body, whatever is in it.
 */
public final class JsonCheck {
  /** The reason of a body that is not checked to its end. */
  public static final String TOO_COSTLY = "checking the body takes too long; it is not accepted";

  static final String EXPONENT = "a number has an exponent of more than nine digits";

  /**
   * Stack of a thread that checks bodies of any size, in bytes: deep ones take a frame or more for
   * each level. On a smaller one a body may be too costly that is not on this one.
   */
  public static final long STACK_BYTES = 4 << 20;

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

  private JsonCheck(Optional<JsonNode> schema) {
    this.schema = schema.map(this::compile);
  }

  /**
   * The check by a schema: of draft 2020-12, unless it names another.
   *
   * @param schema as read by {@link StrictJson}
   * @throws IllegalArgumentException if the schema itself is wrong
   */
  public static JsonCheck of(JsonNode schema) {
    return new JsonCheck(Optional.of(schema));
  }

  /** The check that takes any JSON. */
  public static JsonCheck ofAny() {
    return new JsonCheck(Optional.empty());
  }

  private Schema compile(JsonNode node) {
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
      throw new IllegalArgumentException("the schema is wrong: " + problems.get(0));
    }
    return registry.getSchema(node);
  }

  private static DialectRegistry dialects() {
    var ours = new ConcurrentHashMap<String, Dialect>();
    var standard = DefaultDialectRegistry.getInstance();
    return (id, registry) ->
        ours.computeIfAbsent(id, any -> exact(standard.getDialect(id, registry)));
  }

  private static Dialect exact(Dialect standard) {
    var dialect = Dialect.builder(standard).keyword(new UniqueItems());
    Numbers.keywords().stream()
        .filter(keyword -> standard.getKeywords().containsKey(keyword.getValue()))
        .forEach(dialect::keyword);
    return dialect.build();
  }

  /** Reads a body and finds its problems. */
  public Checked check(byte[] body) {
    try {
      var wrong = Utf8.problem(body);
      if (wrong.isPresent()) {
        return Checked.unreadable(wrong.get());
      }
      var document = StrictJson.MAPPER.readTree(body);
      if (document.isMissingNode()) {
        return Checked.unreadable("the body is empty");
      }
      if (Utf8.hasHalfAPair(document)) {
        return Checked.unreadable(Utf8.HALF);
      }
      return new Checked(
          document,
          schema.map(check -> violations(check, document, body.length)).orElse(List.of()));
    } catch (JacksonException e) {
      return Checked.unreadable("the body is not JSON: " + e.getOriginalMessage());
    } catch (NumberFormatException | ArithmeticException e) {
      // From Jackson 3.2.4, for 1e99999999999; from BigDecimal, where it strips 100e2147483640.
      return Checked.unreadable(EXPONENT);
    }
  }

  /** The texts of a body's problems, at most ten; empty if there are none. */
  public List<String> problems(byte[] body) {
    return check(body).problems().stream().map(Problem::text).toList();
  }

  private List<Problem> violations(Schema check, JsonNode node, int bytes) {
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
      return problems(violations);
    } catch (TooCostly | ValidationLimitExceededException | StackOverflowError e) {
      return List.of(Problem.ofBody(TOO_COSTLY));
    }
    return problems(violations);
  }

  private static List<Problem> problems(Violations violations) {
    return violations.found().stream().map(JsonCheck::problem).toList();
  }

  private static Problem problem(Error error) {
    return new Problem(
        error.getInstanceLocation().toString(), error.getKeyword(), error.getMessage());
  }

  /**
   * A body that was checked.
   *
   * @param document the body; missing if it is not JSON
   * @param problems at most ten; empty: it is valid
   */
  public record Checked(JsonNode document, List<Problem> problems) {
    private static Checked unreadable(String reason) {
      return new Checked(MissingNode.getInstance(), List.of(Problem.ofBody(reason)));
    }
  }
}
