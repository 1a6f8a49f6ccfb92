package dev.nordfaas.jsoncheck;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class JsonCheckTest {
  private static final int SIZE = 256 << 10;
  private static final String ITEM = "{\"sku\":\"kaffe\",\"quantity\":2,\"unitPrice\":49.9}";

  private final JsonCheck orders = check(orderSchema());

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
            StrictJson.MAPPER
                .createObjectNode()
                .set(keyword, StrictJson.MAPPER.createArrayNode().add(order)));
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
    var check = check(StrictJson.MAPPER.readTree("{\"pattern\": \"%s\"}".formatted(pattern)));

    assertThat(check.problems(json("\"" + "a".repeat(length) + "!\"")))
        .containsExactly(JsonCheck.TOO_COSTLY);
    assertThat(check.problems(json("\"aaaa=\""))).isEmpty();
  }

  @Test
  void endsAPatternThatNeedsAFrameForEachCharacter() {
    var check = check(StrictJson.MAPPER.readTree("{\"pattern\": \"^(a|b)*$\"}"));

    assertThat(check.problems(json("\"" + "ab".repeat(100_000) + "\"")))
        .containsExactly(JsonCheck.TOO_COSTLY);
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
            check(StrictJson.MAPPER.readTree(twice))
                .problems(json("{\"a\":".repeat(60) + "1" + "}".repeat(60))))
        .containsExactly(JsonCheck.TOO_COSTLY);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 100_000})
  void takesDeepNestingWithoutHarm(int levels) {
    var check =
        check(StrictJson.MAPPER.readTree("{\"items\": {\"$ref\": \"#\"}, \"type\": \"array\"}"));

    assertThat(check.problems(json("[".repeat(levels) + "]".repeat(levels))))
        .hasSize(levels > 500 ? 1 : 0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"1e400", "-1e400", "1e999999999", "1e-999999999", "0.1e310", "100e2147483640"})
  void takesHugeNumbersWithoutHarm(String number) {
    var schema =
        "{\"type\": \"number\", \"maximum\": 10, \"multipleOf\": 0.01, \"exclusiveMinimum\": -5}";

    assertThat(check(StrictJson.MAPPER.readTree(schema)).problems(json(number))).hasSizeLessThan(5);
    assertThat(
            check(StrictJson.MAPPER.readTree("{\"uniqueItems\": true}"))
                .problems(json("[" + number + ",1]")))
        .hasSizeLessThan(5);
    assertThat(check(StrictJson.MAPPER.readTree("{\"type\": \"integer\"}")).problems(json(number)))
        .hasSizeLessThan(5);
  }

  @Test
  void takesNoLongerForUniqueItemsOfTheSameHash() {
    var check = check(StrictJson.MAPPER.readTree("{\"uniqueItems\": true}"));
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
    assertThat(check(StrictJson.MAPPER.readTree("{\"uniqueItems\": true}")).problems(json(items)))
        .hasSize(problems);
    var draft7 =
        "{\"$schema\": \"http://json-schema.org/draft-07/schema#\", \"uniqueItems\": true}";
    assertThat(check(StrictJson.MAPPER.readTree(draft7)).problems(json(items))).hasSize(problems);
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
    assertThat(check(StrictJson.MAPPER.readTree("{}")).problems(json("1".repeat(1_000_000))))
        .hasSize(1);
  }

  @Test
  void shortensWhatAProblemQuotes() {
    var name = "x".repeat(40_000);
    var check = check(StrictJson.MAPPER.readTree("{\"additionalProperties\": false}"));

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
      var node = StrictJson.MAPPER.readTree(text);
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
            .isEqualTo(plain.validate(StrictJson.MAPPER.readTree(body)).isEmpty());
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "multipleOf       | 0.01 | 0, -0.0, 19.99, -19.99, 1e-2, 0.010, 5, 1e999999999, 0e-999999999 | 0.001, 19.999, 0.30000000000000004, 1e-400, 1e-999999999",
        "multipleOf       | 0.07 | 0.07, 0.7, 7e999999999, 7.00, 14e-2 | 0.08, 1e999999999, 1, 7e-3",
        "multipleOf       | 300  | 300, 3e2, 9e999999999, -600.0 | 100, 3e1, 1e999999999, 300.5",
        "multipleOf       | 1e9  | 1e9, 0, 5000000000.0 | 1e8, 999999999, 1000000000.5",
        "maximum          | 0.3  | 0.3, 0.30, 3e-1, -1e999999999, 1e-999999999 | 0.30000000000000001, 1e999999999",
        "minimum          | 9007199254740993 | 9007199254740993, 9007199254740993.0 | 9007199254740992, 9007199254740992.9",
        "exclusiveMaximum | 1    | 0.99999999999999999999, 0 | 1, 1.0, 10e-1",
        "exclusiveMinimum | 0    | 1e-999999999, 1 | 0, -0, 0e999999999"
      })
  @Timeout(10)
  void comparesNumbersExactly(String keyword, String limit, String valid, String invalid) {
    var check = check(StrictJson.MAPPER.readTree("{\"%s\": %s}".formatted(keyword, limit)));

    assertThat(valid.split(", ")).allSatisfy(it -> assertThat(check.problems(json(it))).isEmpty());
    assertThat(invalid.split(", "))
        .allSatisfy(it -> assertThat(check.problems(json(it))).as(it).hasSize(1));
  }

  /** Against rational arithmetic, where the exponents allow it. */
  @Property
  void knowsMultiples(
      @ForAll @IntRange(min = 1, max = 5000) int divisor,
      @ForAll @IntRange(min = -6, max = 6) int divisorScale,
      @ForAll @IntRange(min = -100_000, max = 100_000) int number,
      @ForAll @IntRange(min = -6, max = 6) int scale) {
    var of = BigDecimal.valueOf(divisor, divisorScale);
    var value = BigDecimal.valueOf(number, scale);
    var check = check(StrictJson.MAPPER.readTree("{\"multipleOf\": %s}".formatted(of)));

    assertThat(check.problems(json(value.toString())).isEmpty())
        .as("%s of %s", value, of)
        .isEqualTo(value.remainder(of).signum() == 0);
  }

  @Test
  void countsCharactersNotUnits() {
    var check = check(StrictJson.MAPPER.readTree("{\"maxLength\": 2, \"minLength\": 2}"));

    assertThat(check.problems(json("\"\ud83d\ude00\ud83d\ude00\""))).isEmpty();
    assertThat(check.problems(json("\"\\ud83d\\ude00\""))).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "UTF-16LE, the body is not JSON in UTF-8",
    "UTF-16BE, the body is not JSON in UTF-8",
    "UTF-16, the body is not JSON in UTF-8",
    "UTF-32, the body is not JSON in UTF-8",
    "ISO-8859-1, the body is not JSON in UTF-8",
    "UTF-8, ''"
  })
  void takesUtf8Only(String charset, String problem) {
    assertThat(
            JsonCheck.ofAny()
                .problems("{\"name\": \"K\u00e5re\"}".getBytes(Charset.forName(charset))))
        .containsExactlyElementsOf(problem.isEmpty() ? List.of() : List.of(problem));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "efbbbf7b7d   | the body begins with a byte order mark, which JSON does not have",
        "22c08022     | the body is not JSON in UTF-8",
        "22eda08022   | the body is not JSON in UTF-8",
        "22f490808022 | the body is not JSON in UTF-8",
        "22c3         | the body is not JSON in UTF-8",
        "7b7d00       | the body is not JSON in UTF-8",
        "`225c75646330305c756438303022` | a text contains half of a surrogate pair, which is no character",
        "5b5b225c7564383030225d5d | a text contains half of a surrogate pair, which is no character",
        "31653939393939393939393939 | a number has an exponent of more than nine digits"
      })
  void saysWhichBytesAreNoJson(String hex, String problem) {
    assertThat(JsonCheck.ofAny().problems(HexFormat.of().parseHex(hex))).containsExactly(problem);
  }

  @Test
  void takesNoKeyWithHalfASurrogatePair() {
    assertThat(JsonCheck.ofAny().problems(json("{\"\\ud800\": 1}"))).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"\ud83d\ude00\"",
        "\"\\ud83d\\ude00\"",
        "\"\uffff\"",
        "\"\\u0000\"",
        "-0",
        "1e400"
      })
  void takesWhatUtf8CanWrite(String body) {
    assertThat(JsonCheck.ofAny().problems(json(body))).isEmpty();
  }

  @Test
  void takesLittleTimeForNumbersOfAThousandDigits() {
    var check =
        check(
            StrictJson.MAPPER.readTree(
                "{\"items\": {\"type\": \"integer\", \"multipleOf\": 3, \"maximum\": 5}}"));
    var body =
        json(
            Stream.generate(() -> "3." + "0".repeat(990))
                .limit(SIZE / 1000)
                .collect(Collectors.joining(",", "[", "]")));
    assertThat(check.problems(body)).isEmpty();

    assertThat(Duration.ofNanos(timeOf(() -> check.problems(body))))
        .isLessThan(Duration.ofSeconds(1));
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

  private static JsonCheck check(JsonNode schema) {
    return JsonCheck.of(schema);
  }

  /** Without the limit of its items, which is not what this is about. */
  private static JsonNode orderSchema() {
    try {
      var file = Path.of(System.getProperty("nordfaas.root", "../.."), "functions/order-processor");
      var text = Files.readString(file.resolve("order.schema.json"));
      return StrictJson.MAPPER.readTree(text.replace("\"maxItems\": 1000,", ""));
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
