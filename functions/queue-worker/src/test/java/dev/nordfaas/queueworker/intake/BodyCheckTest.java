package dev.nordfaas.queueworker.intake;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import com.sun.management.ThreadMXBean;
import dev.nordfaas.queueworker.config.Route;
import dev.nordfaas.queueworker.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class BodyCheckTest {
  private static final int SIZE = 256 << 10;
  private static final String ITEM = "{\"sku\":\"kaffe\",\"quantity\":2,\"unitPrice\":49.9}";

  private final BodyCheck orders = check(orderSchema());

  @Test
  void costsNoMoreForAnOrderOfEmptyItemsThanForAValidOne() {
    var valid = order(ITEM, SIZE);
    var bomb = order("{}", SIZE);
    for (var i = 0; i < 20; i++) {
      orders.problems(valid);
      orders.problems(order("{}", 1000));
    }

    assertThat(allocatedBy(() -> orders.problems(bomb)))
        .isLessThan(2 * allocatedBy(() -> orders.problems(valid)));
    assertThat(orders.problems(bomb)).hasSize(10);
  }

  @ParameterizedTest
  @ValueSource(strings = {"anyOf", "oneOf"})
  void keepsFewViolationsOfBranches(String keyword) {
    var order = orderSchema();
    var check =
        check(
            Json.MAPPER.createObjectNode().set(keyword, Json.MAPPER.createArrayNode().add(order)));
    var valid = order(ITEM, SIZE);
    var bomb = order("{}", SIZE);
    for (var i = 0; i < 20; i++) {
      check.problems(valid);
    }

    assertThat(allocatedBy(() -> check.problems(bomb)))
        .isLessThan(8 * allocatedBy(() -> check.problems(valid)));
    assertThat(check.problems(bomb)).isNotEmpty().hasSizeLessThanOrEqualTo(10);
  }

  @ParameterizedTest
  @CsvSource({"^(a+)+\\\\1=$, 60", "^.*.*.*=$, 10000"})
  void endsAPatternThatTakesAlmostForever(String pattern, int length) {
    var check = check(Json.MAPPER.readTree("{\"pattern\": \"%s\"}".formatted(pattern)));

    assertThat(check.problems(json("\"" + "a".repeat(length) + "!\"")))
        .containsExactly(BodyCheck.TOO_COSTLY);
    assertThat(check.problems(json("\"aaaa=\""))).isEmpty();
  }

  @Test
  void endsAPatternThatNeedsAFrameForEachCharacter() {
    var check = check(Json.MAPPER.readTree("{\"pattern\": \"^(a|b)*$\"}"));

    assertThat(check.problems(json("\"" + "ab".repeat(100_000) + "\"")))
        .containsExactly(BodyCheck.TOO_COSTLY);
  }

  @Test
  void endsASchemaThatBranchesAtEachLevel() {
    var twice =
        """
        {"$ref": "#/$defs/deep", "$defs": {"deep": {"anyOf": [
          {"properties": {"a": {"$ref": "#/$defs/deep"}}, "required": ["b"]},
          {"properties": {"a": {"$ref": "#/$defs/deep"}}, "required": ["c"]}]}}}
        """;

    assertThat(
            check(Json.MAPPER.readTree(twice))
                .problems(json("{\"a\":".repeat(60) + "1" + "}".repeat(60))))
        .containsExactly(BodyCheck.TOO_COSTLY);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 100_000})
  void takesDeepNestingWithoutHarm(int levels) {
    var check = check(Json.MAPPER.readTree("{\"items\": {\"$ref\": \"#\"}, \"type\": \"array\"}"));

    assertThat(check.problems(json("[".repeat(levels) + "]".repeat(levels))))
        .hasSize(levels > 500 ? 1 : 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e400", "-1e400", "1e999999999", "1e-999999999", "0.1e310"})
  void takesHugeNumbersWithoutHarm(String number) {
    var schema =
        "{\"type\": \"number\", \"maximum\": 10, \"multipleOf\": 0.01, \"exclusiveMinimum\": -5}";

    assertThat(check(Json.MAPPER.readTree(schema)).problems(json(number))).hasSizeLessThan(5);
    assertThat(
            check(Json.MAPPER.readTree("{\"uniqueItems\": true}"))
                .problems(json("[" + number + ",1]")))
        .hasSizeLessThan(5);
    assertThat(check(Json.MAPPER.readTree("{\"type\": \"integer\"}")).problems(json(number)))
        .hasSizeLessThan(5);
  }

  @Test
  void takesNoLongerForUniqueItemsOfTheSameHash() {
    var check = check(Json.MAPPER.readTree("{\"uniqueItems\": true}"));
    var harmless = json(strings(i -> "%032d".formatted(i)));
    var colliding = json(strings(i -> binary(i).replace("0", "Aa").replace("1", "BB")));
    assertThat(check.problems(harmless)).isEmpty();

    assertThat(timeOf(() -> check.problems(colliding)))
        .isLessThan(20 * timeOf(() -> check.problems(harmless)));
    assertThat(check.problems(colliding)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "[1, 1.0]; 1",
        "[1, \"1\", true, null, [1], {\"a\": 1}]; 0",
        "[[1, 2], [1, 2.0]]; 1",
        "[[1, 2], [2, 1]]; 0",
        "[{\"a\": 1, \"b\": 2}, {\"b\": 2, \"a\": 1}]; 1",
        "[{\"a\": 1}, {\"a\": 2}]; 0",
        "[1e400, 1e400]; 1",
        "[0, -0.0]; 1",
        "[\"a\", \"a\", \"a\"]; 1",
      })
  void knowsItemsThatAreEqual(String items, int problems) {
    assertThat(check(Json.MAPPER.readTree("{\"uniqueItems\": true}")).problems(json(items)))
        .hasSize(problems);
    var draft7 =
        "{\"$schema\": \"http://json-schema.org/draft-07/schema#\", \"uniqueItems\": true}";
    assertThat(check(Json.MAPPER.readTree(draft7)).problems(json(items))).hasSize(problems);
  }

  private static String strings(IntFunction<String> text) {
    return IntStream.range(0, 1 << 14)
        .mapToObj(text)
        .collect(Collectors.joining("\",\"", "[\"", "\"]"));
  }

  private static String binary(int number) {
    return Integer.toBinaryString((1 << 16) | number).substring(1);
  }

  private static long timeOf(Runnable work) {
    var threads = ManagementFactory.getThreadMXBean();
    var before = threads.getCurrentThreadCpuTime();
    work.run();
    return threads.getCurrentThreadCpuTime() - before;
  }

  @Test
  void refusesANumberOfAMillionDigits() {
    assertThat(check(Json.MAPPER.readTree("{}")).problems(json("1".repeat(1_000_000)))).hasSize(1);
  }

  @Test
  void shortensWhatAProblemQuotes() {
    var name = "x".repeat(40_000);
    var check = check(Json.MAPPER.readTree("{\"additionalProperties\": false}"));

    assertThat(check.problems(json("{\"%s\":1}".formatted(name))))
        .singleElement()
        .asString()
        .hasSizeLessThan(600);
    assertThat(check.problems(json("{\"%s\":1,\"%s\":2}".formatted(name, name))))
        .singleElement()
        .asString()
        .hasSizeLessThan(600);
  }

  @Test
  void findsTheSameInvalidAsWithoutLimits() throws IOException {
    var schemas =
        List.of(
            "{\"anyOf\": [{\"items\": {\"required\": [\"a\"]}}, {\"items\": {\"required\":"
                + " [\"b\"]}}]}",
            "{\"oneOf\": [{\"items\": {\"required\": [\"a\"]}}, {\"items\": {\"required\":"
                + " [\"b\"]}}]}",
            "{\"not\": {\"items\": {\"required\": [\"a\"]}}}",
            "{\"contains\": {\"required\": [\"a\", \"b\"]}, \"minContains\": 15}",
            "{\"if\": {\"items\": {\"required\": [\"a\"]}}, \"then\": {\"maxItems\": 20}, \"else\":"
                + " {\"minItems\": 40}}",
            "{\"items\": {\"propertyNames\": {\"maxLength\": 1, \"pattern\": \"^[ab]$\"}}}",
            "{\"anyOf\": [{\"items\": {\"propertyNames\": {\"const\": \"a\"}}}, {\"minItems\":"
                + " 30}]}",
            "{\"anyOf\": [{\"prefixItems\": [{\"required\": [\"a\"]}], \"unevaluatedItems\":"
                + " {\"required\": [\"b\"]}}, {\"maxItems\": 25}]}",
            "{\"items\": {\"anyOf\": [{\"required\": [\"a\"]}, {\"patternProperties\": {\"b\":"
                + " {\"type\": \"string\"}}, \"unevaluatedProperties\": false}]}}");
    var random = new Random(7);
    for (var text : schemas) {
      var node = Json.MAPPER.readTree(text);
      var check = check(node);
      var plain =
          SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(node);
      for (var i = 0; i < 300; i++) {
        var share = random.nextInt(5);
        var body =
            IntStream.range(0, random.nextInt(50))
                .mapToObj(
                    item ->
                        random.nextInt(20) < share
                            ? "{\"c\":1}"
                            : List.of("{\"a\":1}", "{\"b\":1}", "{\"a\":1,\"b\":\"x\"}")
                                .get(random.nextInt(share == 0 ? 1 : 3)))
                .collect(Collectors.joining(",", "[", "]"));
        assertThat(check.problems(json(body)).isEmpty())
            .as("%s of %s", body, text)
            .isEqualTo(plain.validate(Json.MAPPER.readTree(body)).isEmpty());
      }
    }
  }

  private static byte[] json(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static long allocatedBy(Runnable work) {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    var before = threads.getCurrentThreadAllocatedBytes();
    work.run();
    return threads.getCurrentThreadAllocatedBytes() - before;
  }

  private static BodyCheck check(JsonNode schema) {
    return new BodyCheck(
        new Route("orders", "/orders", "orders.created", 1 << 20, Optional.of(schema)));
  }

  /** Without the limit of its items, which is not what this is about. */
  private static JsonNode orderSchema() {
    try {
      var file = Path.of(System.getProperty("nordfaas.root", "../.."), "functions/order-processor");
      var text = Files.readString(file.resolve("order.schema.json"));
      return Json.MAPPER.readTree(text.replace("\"maxItems\": 1000,", ""));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] order(String item, int size) {
    return """
    {"orderId":"o-1","customer":"Ola","currency":"NOK","items":[%s]}
    """
        .formatted(repeated(item, size))
        .getBytes(StandardCharsets.UTF_8);
  }

  private static String repeated(String item, int size) {
    return Stream.generate(() -> item)
        .limit(size / (item.length() + 1))
        .collect(Collectors.joining(","));
  }
}
