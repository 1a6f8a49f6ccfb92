package dev.nordfaas.report;

import java.text.Normalizer;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Markdown, as GitHub reads it. Whoever makes a pull request chooses names, and so could mention
 * people, link, load pictures, or end a table and write below it what a reader takes for ours. So
 * text that is not ours is code, in which GitHub finds nothing, and without the few characters that
 * could end it.
 */
final class Markdown {
  /** Longer than any name that Kubernetes or DNS allows has to be to tell it from others. */
  private static final int LONGEST = 100;

  private Markdown() {}

  /** Text of others, in a sentence or a cell. */
  static String code(String text) {
    return code(text, LONGEST);
  }

  /** The same, of at most so many characters. */
  static String code(String text, int longest) {
    var plain = plain(text, longest);
    return plain.isEmpty() ? "–" : "`" + plain + "`";
  }

  /**
   * The text on one line, without what could end a code span, a fence or a cell: that becomes a
   * character that looks like it.
   */
  static String plain(String text, int longest) {
    var plain = new StringBuilder();
    Normalizer.normalize(text, Normalizer.Form.NFC)
        .codePoints()
        .map(Markdown::harmless)
        .forEach(plain::appendCodePoint);
    var line = plain.toString().strip();
    if (line.codePointCount(0, line.length()) <= longest) {
      return line;
    }
    return line.substring(0, line.offsetByCodePoints(0, longest - 1)) + "…";
  }

  private static int harmless(int character) {
    return switch (character) {
      case '`' -> '\'';
      case '|' -> '¦';
      case '\\' -> '⧵';
      default ->
          switch (Character.getType(character)) {
            case Character.CONTROL,
                Character.LINE_SEPARATOR,
                Character.PARAGRAPH_SEPARATOR,
                Character.SPACE_SEPARATOR ->
                ' ';
            // Characters that nobody sees, turn the direction of others, or pile up on them.
            case Character.FORMAT,
                Character.SURROGATE,
                Character.PRIVATE_USE,
                Character.UNASSIGNED,
                Character.NON_SPACING_MARK,
                Character.ENCLOSING_MARK,
                Character.COMBINING_SPACING_MARK ->
                '�';
            default -> character;
          };
    };
  }

  /** Lines in red: GitHub shows those that a difference takes away like that. */
  static String red(List<String> lines) {
    return lines.stream()
        .map(line -> "- " + plain(line, 2 * LONGEST) + "\n")
        .collect(Collectors.joining("", "```diff\n", "```\n"));
  }

  /** A table; those columns are numbers whose title ends in a space. */
  static String table(List<String> titles, List<List<String>> rows) {
    return row(titles.stream().map(String::strip).toList())
        + row(titles.stream().map(title -> title.endsWith(" ") ? "---:" : "---").toList())
        + rows.stream().map(Markdown::row).collect(Collectors.joining());
  }

  private static String row(List<String> cells) {
    return cells.stream().collect(Collectors.joining(" | ", "| ", " |\n"));
  }

  /** Closed until somebody opens it. The empty lines make GitHub read what is in it. */
  static String details(String title, String text) {
    return "<details><summary>%s</summary>\n\n%s\n</details>\n".formatted(title, text);
  }
}
