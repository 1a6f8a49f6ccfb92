package dev.nordfaas.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MarkdownTest {
  /** In code, GitHub finds no mention, link, issue, picture or element. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "@nordfaas/admins",
        "#1",
        "[approved](https://example.org)",
        "![](https://example.org/seen.png)",
        "https://example.org",
        "</details><h1>Approved</h1>",
        "**no changes**"
      })
  void showsTextOfOthersAsCode(String text) {
    assertThat(Markdown.code(text)).isEqualTo("`" + text + "`");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "a` @admins `b;`a' @admins 'b`",
        "a`` ``` b;`a'' ''' b`",
        "a|b;`a¦b`",
        "a\\|b;`a⧵¦b`",
        "ends with \\;`ends with ⧵`"
      })
  void takesAwayWhatEndsACodeSpanOrACell(String text, String code) {
    assertThat(Markdown.code(text)).isEqualTo(code);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", "\u2028", "\u0085", "\u000b", "\t", "\u00a0", "\u0000"})
  void isOnOneLine(String separator) {
    assertThat(Markdown.code("a" + separator + "## Approved"))
        .matches("`a {1,2}## Approved`")
        .doesNotContain("\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u202e", "\u200b", "\ufeff", "\u0301\u0301", "\ue000", "\ud800"})
  void showsThatThereIsSomethingThatNobodyWouldSee(String hidden) {
    assertThat(Markdown.code("x1" + hidden + "2")).matches("`x1\ufffd+2`");
  }

  @Test
  void keepsLettersOfNorwegian() {
    assertThat(Markdown.code("Tromsø, A\u030Alesund")).isEqualTo("`Tromsø, Ålesund`");
  }

  @Test
  void shortensWhatIsLong() {
    assertThat(Markdown.code("a".repeat(200))).isEqualTo("`" + "a".repeat(99) + "…`");
    assertThat(Markdown.code("a".repeat(100))).isEqualTo("`" + "a".repeat(100) + "`");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\n"})
  void showsThatThereIsNoText(String nothing) {
    assertThat(Markdown.code(nothing)).isEqualTo("–");
  }

  @Test
  void aFenceEndsOnlyWhereItIsMeantTo() {
    assertThat(Markdown.red(List.of("a\n```\n# Approved", "+ b")))
        .isEqualTo("```diff\n- a ''' # Approved\n- + b\n```\n");
  }

  @Test
  void alignsNumbersToTheRight() {
    assertThat(Markdown.table(List.of("name", "count "), List.of(List.of("a", "1"))))
        .isEqualTo("| name | count |\n| --- | ---: |\n| a | 1 |\n");
  }
}
