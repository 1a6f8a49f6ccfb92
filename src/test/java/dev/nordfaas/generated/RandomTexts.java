package dev.nordfaas.generated;

import com.github.curiousoddman.rgxgen.RgxGen;
import com.github.curiousoddman.rgxgen.config.RgxGenOption;
import com.github.curiousoddman.rgxgen.config.RgxGenProperties;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;

/** Draws texts, of a pattern or of none. */
final class RandomTexts {
  /** What somebody could write, and some program could take for something else. */
  private static final List<String> UNUSUAL =
      List.of(
          "",
          " ",
          "a",
          "0",
          "null",
          "true",
          "~",
          "NO",
          "1e3",
          "0755",
          "12:30:45",
          "2026-11-25",
          " leading and trailing ",
          "two\nlines",
          "two\nlines\n",
          "\n",
          "\ttab",
          "carriage\r\nreturn",
          "\"double\"",
          "it's",
          "back\\slash\\",
          "# comment",
          "a: b",
          "- a",
          "{a: b}",
          "[a]",
          "!tag",
          "&anchor",
          "*alias",
          "%percent %s %d",
          "$(HOME)",
          "$$(HOME)",
          "$HOME",
          "${HOME}",
          "{$HOME}",
          "{{.Values}}",
          "{http.request.host}",
          "`command`",
          "a;b&c|d>e",
          "blåbær æøå",
          "\uD83C\uDDF3\uD83C\uDDF4",
          "\u00a0\u2028\ufeff",
          "\u0085",
          "\u0001\u007f",
          "EOF",
          "END",
          "x".repeat(64),
          "x".repeat(254),
          "x".repeat(5000));

  private static final Pattern LOOK_AROUND = Pattern.compile("\\(\\?<?[=!]");
  private static final Pattern REPEATED = Pattern.compile("\\{([0-9]+),([0-9]+)}");
  private static final int TRIES = 60;

  /** Long enough for most limits that a look-ahead sets; tries that fail are shorter. */
  private static final int MOST_REPEATED = 100;

  private final Map<String, RgxGen> generators = new HashMap<>();

  /** A text without a pattern: one of those that exist, or an unusual one. */
  String any(Random random, List<String> existing) {
    return existing.isEmpty() || random.nextInt(3) == 0
        ? pick(random, UNUSUAL)
        : pick(random, existing);
  }

  /** A text that matches the pattern: an existing one, the shortest or longest, or any. */
  String matching(String pattern, Random random, List<String> existing) {
    var fitting = existing.stream().filter(text -> text.matches(pattern)).toList();
    if (!fitting.isEmpty() && random.nextInt(3) == 0) {
      return pick(random, fitting);
    }
    var unusual = UNUSUAL.stream().filter(text -> text.matches(pattern)).toList();
    if (!unusual.isEmpty() && random.nextInt(6) == 0) {
      return pick(random, unusual);
    }
    var plain = withoutLookAround(pattern);
    for (var i = 0; i < TRIES; i++) {
      var drawn = drawn(bounded(plain, random.nextInt(5)), MOST_REPEATED >> i % 6, random);
      if (drawn.matches(pattern)) {
        return drawn;
      }
    }
    return fitting.isEmpty() ? drawn(plain, 1, random) : pick(random, fitting);
  }

  /** Every repetition as often as possible, as seldom as possible, or in between. */
  private static String bounded(String pattern, int choice) {
    return switch (choice) {
      case 0 -> REPEATED.matcher(pattern).replaceAll("{$2}");
      case 1 -> REPEATED.matcher(pattern).replaceAll("{$1}");
      default -> pattern;
    };
  }

  /**
   * @param most how often something is repeated at most for which the pattern has no limit
   */
  private String drawn(String pattern, int most, Random random) {
    var properties = new RgxGenProperties();
    RgxGenOption.INFINITE_PATTERN_REPETITION.setInProperties(properties, most);
    return generators
        .computeIfAbsent(most + " " + pattern, key -> RgxGen.parse(properties, pattern))
        .generate(random);
  }

  /** What a look-around demands is left to chance. */
  private static String withoutLookAround(String pattern) {
    var rest = new StringBuilder();
    var position = 0;
    var found = LOOK_AROUND.matcher(pattern);
    while (found.find(position)) {
      rest.append(pattern, position, found.start());
      position = closing(pattern, found.start()) + 1;
    }
    return rest.append(pattern.substring(position)).toString();
  }

  private static int closing(String pattern, int opening) {
    var depth = 0;
    var inClass = false;
    for (var i = opening; i < pattern.length(); i++) {
      switch (pattern.charAt(i)) {
        case '\\' -> i++;
        case '[' -> inClass = true;
        case ']' -> inClass = false;
        case '(' -> depth += inClass ? 0 : 1;
        case ')' -> depth -= inClass ? 0 : 1;
        default -> {}
      }
      if (depth == 0) {
        return i;
      }
    }
    throw new IllegalArgumentException("no end of a group in " + pattern);
  }

  static <T> T pick(Random random, List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
