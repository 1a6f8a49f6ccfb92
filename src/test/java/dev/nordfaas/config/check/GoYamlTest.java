package dev.nordfaas.config.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a stack file means. Each expected text is what {@code pulumi preview} 3.259.0 put into
 * PULUMI_CONFIG for the same file, and what is refused here was refused there; the CLI's own words
 * are in the comments.
 */
class GoYamlTest {
  private static Map<String, String> sections(String yaml) {
    return StackFile.parse("oslo", yaml).sections();
  }

  private static void refused(String yaml, String message) {
    assertThatThrownBy(() -> sections(yaml))
        .isInstanceOf(InvalidStackConfigException.class)
        .hasMessage("Stack 'oslo' is not valid: Pulumi.oslo.yaml cannot be read: " + message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          [0o17, 017, 08, 0b11, 0x1F, -0x1F]   | [15,15,8,3,31,-31]
          [1_000, 1_0.5, _1, 1__0]             | [1000,10.5,"_1",10]
          [+5, -0, 1e3, 1E3, 1e+3, 12e03]      | [5,0,1000,1000,1000,12000]
          [.5, 5., 0.1e1, 1e400]               | [0.5,5,1,"1e400"]
          [inf, Inf, nan, infinity, 0x1p4]     | ["inf","Inf","nan","infinity","0x1p4"]
          [9223372036854775807, 0.1, 0.000001] | [9223372036854775807,0.1,0.000001]
          [9223372036854775808]                | [9223372036854776000]
          [18446744073709551615]               | [18446744073709552000]
          [0xFFFFFFFFFFFFFFFFFF]               | ["0xFFFFFFFFFFFFFFFFFF"]
          [-9223372036854775808]               | [-9223372036854775808]
          [123456789.123456789]                | [123456789.12345679]
          [yes, Yes, on, off, y, n, tRue]      | ["yes","Yes","on","off","y","n","tRue"]
          [true, True, TRUE, False]            | [true,true,true,false]
          """)
  void typesNumbersAndBooleans(String given, String seen) {
    // 9223372036854775808 and beyond: the CLI rounds them as JavaScript does.
    assertThat(Json.parse(sections("config: {nordfaas:a: %s}".formatted(given)).get("a")))
        .isEqualTo(Json.parse(seen));
  }

  /** A bare date becomes another text, so the hints of such keys ask for quotes. */
  @ParameterizedTest
  @CsvSource({
    "2026-11-25, 2026-11-25 00:00:00 +0000 UTC",
    "2026-1-5, 2026-01-05 00:00:00 +0000 UTC",
    "2027-01-31T22:59:59Z, 2027-01-31 22:59:59 +0000 UTC",
    "2027-01-31t22:59:59+02:00, 2027-01-31 22:59:59 +0200 +0200",
    "2027-01-31T22:59:59.5Z, 2027-01-31 22:59:59.5 +0000 UTC",
    "2026-11-25 10:00:00, 2026-11-25 10:00:00 +0000 UTC",
    "2026-13-45, 2026-13-45",
    "2026-11-25T10:00, 2026-11-25T10:00",
    "2026-11-25T10:00:00, 2026-11-25T10:00:00",
    "'\"2026-11-25\"', 2026-11-25",
    "!!str 2026-11-25, 2026-11-25",
    "'!!timestamp \"2026-11-25\"', 2026-11-25 00:00:00 +0000 UTC"
  })
  void readsBareDatesAsGoPrintsThem(String given, String seen) {
    assertThat(sections("config: {nordfaas:a: {p: %s}}".formatted(given)))
        .containsEntry("a", "{\"p\":\"%s\"}".formatted(seen));
  }

  @Test
  void obeysTags() {
    assertThat(
            sections(
                "config: {nordfaas:a: {p: !!str 12, q: !!int \"12\", r: !!float 1, s: !!bool"
                    + " \"true\", n: !!null \"\", t: !foo 12, u: ! 12, v: !!binary aGVq, x: !!str"
                    + " yes, z: !!set {a, b}, m: !!map [1]}}"))
        .containsEntry(
            "a",
            "{\"m\":[1],\"n\":null,\"p\":\"12\",\"q\":12,\"r\":1,\"s\":true,\"t\":\"12\",\"u\":12,"
                + "\"v\":\"hej\",\"x\":\"yes\",\"z\":{\"a\":null,\"b\":null}}");
  }

  /** "cannot decode !!str `yes` as a !!bool", "!!binary value contains invalid base64 data". */
  @ParameterizedTest
  @CsvSource({
    "!!bool yes, `yes` is no !!bool",
    "!!int 1.5, `1.5` is no !!int",
    "!!int abc, `abc` is no !!int",
    "!!binary \"%%%\", what is tagged !!binary has to be base64"
  })
  void refusesTagsThatDoNotFit(String given, String message) {
    refused("config:\n  nordfaas:a: {p: " + given + "}", "line 2: " + message.replace('`', '\''));
  }

  /** "json: unsupported value: +Inf". */
  @ParameterizedTest
  @ValueSource(strings = {".inf", "-.Inf", "+.INF", ".nan", ".NaN"})
  void refusesWhatJsonHasNoNumberFor(String given) {
    refused(
        "config:\n  nordfaas:a:\n    p: " + given,
        "line 3: %s is a number that cannot be passed on; if it is a text, put it in quotes"
            .formatted(given));
  }

  @Test
  void printsKeysThatAreNoTexts() {
    assertThat(
            sections(
                "config: {nordfaas:a: {1: a, 1.5: b, true: c, ~: d, 012: e, 2026-11-25: f, 0x10: g,"
                    + " yes: h, 1e3: i, \"\": j}}"))
        .containsEntry(
            "a",
            "{\"\":\"j\",\"1\":\"a\",\"1.5\":\"b\",\"10\":\"e\",\"1000\":\"i\",\"16\":\"g\","
                + "\"2026-11-25 00:00:00 +0000 UTC\":\"f\",\"<nil>\":\"d\",\"true\":\"c\","
                + "\"yes\":\"h\"}");
  }

  /** "invalid map key: map[string]interface {}{"b":1}". */
  @ParameterizedTest
  @ValueSource(strings = {"{b: 1}", "[b, 1]"})
  void refusesKeysThatAreNoScalars(String key) {
    refused(
        "config:\n  nordfaas:a:\n    ? %s\n    : x".formatted(key),
        "line 3: a key has to be a text");
  }

  /** The CLI's "config: a: 1" is that of the project. */
  @Test
  void readsKeyWithoutNamespaceAsTheProjects() {
    assertThat(sections("config: {a: {b: 1}, other:c: 1}")).isEqualTo(Map.of("a", "{\"b\":1}"));
  }

  @Test
  void refusesKeyWithAndWithoutNamespace() {
    refused(
        "config: {a: {b: 1}, nordfaas:a: {b: 2}}", "duplicate key 'a', once without its namespace");
  }

  @Test
  void readsTheFirstDocumentOnly() {
    assertThat(sections("---\nconfig: {nordfaas:a: 1}\n...\n---\nconfig: {\n"))
        .isEqualTo(Map.of("a", "1"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"config: [a]", "config: x"})
  void refusesConfigThatIsNoMap(String yaml) {
    refused(yaml, "config is not a map");
  }

  @Test
  void refusesFileThatIsNoMap() {
    refused("- a", "the file is not a map");
  }

  @Test
  void takesNumberForNoSecret() {
    assertThat(sections("config: {nordfaas:a: {k: {secure: 12}}}"))
        .containsEntry("a", "{\"k\":{\"secure\":12}}");
  }

  /** "mapping key "p" already defined at line 2": compared as written, quotes aside. */
  @Test
  void refusesDuplicateKeysWithBothLines() {
    refused(
        "config:\n  nordfaas:a:\n    p: 1\n    \"p\": 2",
        "line 4: duplicate key 'p', first in line 3");
    refused("unused:\n  p: 1\n  p: 2\nconfig: {}", "line 3: duplicate key 'p', first in line 2");
    assertThat(sections("config: {nordfaas:a: {10: a, 012: e}}"))
        .containsEntry("a", "{\"10\":\"e\"}");
  }

  /** What merge keys make of two maps. */
  @Nested
  class Merge {
    private String merged(String config) {
      return sections("config:\n" + config.indent(2)).get("b");
    }

    @Test
    void ownKeysTakePrecedenceWhereverTheMergeIs() {
      assertThat(merged("nordfaas:a: &x {p: 1}\nnordfaas:b: {p: 9, <<: *x}"))
          .isEqualTo("{\"p\":9}");
      assertThat(merged("nordfaas:a: &x {p: 1}\nnordfaas:b: {<<: *x, p: 9}"))
          .isEqualTo("{\"p\":9}");
    }

    @Test
    void nestedMapsAreReplacedAsAWhole() {
      assertThat(merged("nordfaas:a: &x {p: 1, q: {r: 1}}\nnordfaas:b: {<<: *x, q: {s: 2}}"))
          .isEqualTo("{\"p\":1,\"q\":{\"s\":2}}");
    }

    @Test
    void theFirstOfAListTakesPrecedence() {
      assertThat(
              merged(
                  """
                  nordfaas:a: &x {p: 1, z: 1}
                  nordfaas:c: &y {p: 2, w: 3}
                  nordfaas:b: {<<: [*x, *y], w: 9}
                  """))
          .isEqualTo("{\"p\":1,\"w\":9,\"z\":1}");
    }

    @Test
    void mergedMapsMayMerge() {
      assertThat(
              merged("nordfaas:a: &x {p: 1}\nnordfaas:c: &y {<<: *x, q: 1}\nnordfaas:b: {<<: *y}"))
          .isEqualTo("{\"p\":1,\"q\":1}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"<<", "\"<<\"", "!!str <<"})
    void alsoInQuotesAndWithATag(String key) {
      assertThat(merged("nordfaas:b: {%s: {k: 1}, w: 9}".formatted(key)))
          .isEqualTo("{\"k\":1,\"w\":9}");
    }

    @Test
    void anEmptyListMergesNothing() {
      assertThat(merged("nordfaas:b: {<<: [], y: 1}")).isEqualTo("{\"y\":1}");
    }

    @Test
    void wholeSectionsAndTheConfigItself() {
      assertThat(
              sections(
                  """
                  base: &b {nordfaas:a: {x: 1}, nordfaas:b: {y: 2}}
                  config:
                    <<: *b
                    nordfaas:b: {z: 1}
                  """))
          .isEqualTo(Map.of("a", "{\"x\":1}", "b", "{\"z\":1}"));
      assertThat(sections("base: &b\n  config: {nordfaas:a: 1}\n<<: *b"))
          .isEqualTo(Map.of("a", "1"));
    }

    @Test
    void secretsStaySecret() {
      var source =
          StackFile.parse(
              "oslo",
              "config: {nordfaas:a: &x {k: {secure: v1:AAAA}}, nordfaas:b: {<<: *x, y: 1}}");

      assertThat(source.sections()).containsEntry("b", "{\"k\":\"[secret]\",\"y\":1}");
      assertThat(source.secretSections()).containsExactlyInAnyOrder("a", "b");
    }

    /** "map merge requires map or sequence of maps as the value". */
    @ParameterizedTest
    @ValueSource(strings = {"x", "", "3", "[{a: 1}, 2]", "[[{a: 1}]]"})
    void refusesEverythingButMaps(String value) {
      refused(
          "config:\n  nordfaas:b:\n    <<: %s\n    w: 9".formatted(value),
          "line 3: what << merges has to be a map, or a list of maps");
    }

    /** The same words of the CLI: an alias may lead to a map only. */
    @Test
    void refusesAliasOfAList() {
      refused(
          "x: &l [{a: 1}, {b: 2}]\nconfig:\n  nordfaas:a: {<<: *l}",
          "line 1: what << merges has to be a map, or a list of maps");
    }

    /** "mapping key "<<" already defined at line 2". */
    @Test
    void refusesTwo() {
      refused(
          "config:\n  nordfaas:b:\n    <<: {x: 1}\n    <<: {y: 1}",
          "line 4: duplicate key '<<', first in line 3");
    }
  }

  @Test
  void anAnchorMayBeDefinedAnew() {
    assertThat(sections("config: {nordfaas:a: {a: &x 1, b: *x, c: &x 2, d: *x}}"))
        .containsEntry("a", "{\"a\":1,\"b\":1,\"c\":2,\"d\":2}");
    assertThat(sections("config: {nordfaas:a: {&k p: 1, q: {*k : 2}, r: &v 012, s: *v}}"))
        .containsEntry("a", "{\"p\":1,\"q\":{\"p\":2},\"r\":10,\"s\":10}");
  }

  @Test
  void manyAliasesAreNoBomb() {
    assertThat(
            sections("config: {nordfaas:a: {x: &x {p: 1}, l: [%s]}}".formatted("*x,".repeat(300))))
        .hasSize(1);
  }

  /** "document contains excessive aliasing". */
  @ParameterizedTest
  @ValueSource(ints = {5, 9, 30})
  void refusesAliasesOfAliases(int levels) {
    var yaml = new StringBuilder("config:\n  nordfaas:a:\n    a0: &a0 [x,x,x,x,x,x,x,x,x]\n");
    for (var i = 1; i < levels; i++) {
      yaml.append(
          "    a%d: &a%d [%s*a%d]\n".formatted(i, i, ("*a" + (i - 1) + ",").repeat(8), i - 1));
    }
    refused(yaml.toString(), "aliases make it too large");
  }

  /** The CLI refuses 10000 levels: "exceeded max depth of 10000". */
  @Test
  void refusesDeepNesting() {
    refused(
        "config: {nordfaas:a: %s%s}".formatted("[".repeat(20_000), "]".repeat(20_000)),
        "nested more than 100 levels deep");
  }

  @Test
  void readsMarksOfTheByteOrderAndOtherLineBreaks() {
    for (var charset : new String[] {"UTF-8", "UTF-16BE", "UTF-16LE"}) {
      var file =
          "\uFEFFconfig:\r\n  nordfaas:a: {x: 1}\r\n  nordfaas:b: |\r\n    l1\r\n    l2\r\n"
              .getBytes(Charset.forName(charset));

      assertThat(StackFile.parse("oslo", file).sections())
          .isEqualTo(Map.of("a", "{\"x\":1}", "b", "l1\nl2\n"));
    }
    assertThat(sections("config:\r  nordfaas:a: {x: 1}\r")).isEqualTo(Map.of("a", "{\"x\":1}"));
  }

  /** "incomplete UTF-8 octet sequence". */
  @Test
  void refusesOtherEncodings() {
    var file = "config: {nordfaas:a: æ}".getBytes(StandardCharsets.ISO_8859_1);

    assertThatThrownBy(() -> StackFile.parse("oslo", file))
        .hasMessage("Stack 'oslo' is not valid: Pulumi.oslo.yaml cannot be read: it is not UTF-8");
  }

  /** As indentation: "found character that cannot start any token". The CLI takes the second. */
  @ParameterizedTest
  @CsvSource({"'\tnordfaas:a: 1', 1", "'  nordfaas:a:\t1', 14"})
  void refusesTabsWithTheirPlace(String line, int column) {
    assertThatThrownBy(() -> sections("config:\n" + line + "\n"))
        .isInstanceOf(InvalidStackConfigException.class)
        .hasMessageContaining("line 2, column %d".formatted(column));
  }

  /** "control characters are not allowed", "unknown anchor 'nope' referenced". */
  @ParameterizedTest
  @ValueSource(strings = {"config: {nordfaas:a: \"x\u0001y\"}", "config: {nordfaas:a: *nope}"})
  void refusesWhatNobodyReads(String yaml) {
    assertThatThrownBy(() -> sections(yaml)).isInstanceOf(InvalidStackConfigException.class);
  }
}
