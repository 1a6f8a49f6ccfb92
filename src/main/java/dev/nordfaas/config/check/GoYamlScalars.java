package dev.nordfaas.config.check;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Types YAML scalars as the Pulumi CLI does, which is written in Go: {@code NO} and {@code yes} are
 * texts, {@code 012} is ten, {@code 1.0} is one, and a bare date becomes a text that nobody wrote.
 */
final class GoYamlScalars {
  /** Marks a scalar without a tag, plain or in quotes. */
  static final Tag UNTAGGED = new Tag("untagged");

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final Set<String> NULLS = Set.of("", "~", "null", "Null", "NULL");
  private static final Set<String> TRUE = Set.of("true", "True", "TRUE");
  private static final Set<String> FALSE = Set.of("false", "False", "FALSE");
  private static final Pattern NOT_FINITE =
      Pattern.compile("[-+]?\\.(inf|Inf|INF)|\\.(nan|NaN|NAN)");
  private static final Pattern INTEGER =
      Pattern.compile(
          "([-+]?)(?:0[xX](?<hex>[0-9a-fA-F]+)|0[bB](?<binary>[01]+)|0[oO]?(?<octal>[0-7]+)"
              + "|(?<decimal>0|[1-9][0-9]*))");
  private static final Pattern FLOAT =
      Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");
  private static final Pattern TIMESTAMP =
      Pattern.compile(
          "([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})"
              + "(?:(?<between>[Tt]| +)([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:\\.([0-9]+))?"
              + "(?<zone>Z|[-+][0-9]{2}:[0-9]{2})?)?");
  private static final Pattern DIGITS = Pattern.compile("[0-9].*|[-+.].*");

  private static final BigInteger LEAST = BigInteger.valueOf(Long.MIN_VALUE);
  private static final BigInteger MOST = BigInteger.valueOf(Long.MAX_VALUE);

  private static final Tag TIMESTAMP_TAG = new Tag("tag:yaml.org,2002:timestamp");

  /** The tags that say what a scalar has to be, and how messages call that. */
  private static final Map<Tag, String> TYPED =
      Map.of(
          Tag.NULL,
          "!!null",
          Tag.BOOL,
          "!!bool",
          Tag.INT,
          "!!int",
          Tag.FLOAT,
          "!!float",
          TIMESTAMP_TAG,
          "!!timestamp");

  private GoYamlScalars() {}

  /**
   * The value of a scalar.
   *
   * @throws IllegalArgumentException if the CLI refuses it
   */
  static JsonNode resolve(ScalarNode scalar) {
    var text = scalar.getValue();
    var tag = scalar.getTag();
    if (tag.equals(UNTAGGED)) {
      return scalar.getScalarStyle() == ScalarStyle.PLAIN ? plain(text) : NODES.stringNode(text);
    }
    if (tag.equals(Tag.BINARY)) {
      return NODES.stringNode(binary(text));
    }
    if (!TYPED.containsKey(tag)) {
      return NODES.stringNode(text);
    }
    var value = plain(text);
    if (!fits(value, tag, text)) {
      throw new IllegalArgumentException("'%s' is no %s".formatted(text, TYPED.get(tag)));
    }
    return value;
  }

  private static boolean fits(JsonNode value, Tag tag, String text) {
    if (tag.equals(TIMESTAMP_TAG)) {
      return timestamp(text).isPresent();
    }
    return tag.equals(Tag.NULL)
        ? value.isNull()
        : tag.equals(Tag.BOOL)
            ? value.isBoolean()
            : value.isNumber() && (tag.equals(Tag.FLOAT) || INTEGER.matcher(bare(text)).matches());
  }

  private static String binary(String text) {
    try {
      return new String(
          Base64.getDecoder().decode(text.replaceAll("\\s", "")), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("what is tagged !!binary has to be base64", e);
    }
  }

  private static JsonNode plain(String text) {
    if (NULLS.contains(text)) {
      return NODES.nullNode();
    }
    if (TRUE.contains(text) || FALSE.contains(text)) {
      return NODES.booleanNode(TRUE.contains(text));
    }
    if (!DIGITS.matcher(text).matches()) {
      return NODES.stringNode(text);
    }
    if (NOT_FINITE.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "%s is a number that cannot be passed on; if it is a text, put it in quotes"
              .formatted(text));
    }
    return timestamp(text)
        .<JsonNode>map(NODES::stringNode)
        .orElseGet(() -> number(bare(text)).orElseGet(() -> NODES.stringNode(text)));
  }

  private static String bare(String text) {
    return text.replace("_", "");
  }

  private static Optional<JsonNode> number(String digits) {
    var matcher = INTEGER.matcher(digits);
    if (matcher.matches()) {
      var integer = integer(matcher);
      if (integer.compareTo(LEAST) >= 0 && integer.compareTo(MOST) <= 0) {
        return Optional.of(NODES.numberNode(integer));
      }
      // The largest that Go reads as an integer; it passes on a rounded one nevertheless.
      if (matcher.group("decimal") == null && integer.bitLength() > 64) {
        return Optional.empty();
      }
      return Optional.of(decimal(integer.doubleValue()));
    }
    return FLOAT.matcher(digits).matches() && Double.isFinite(Double.parseDouble(digits))
        ? Optional.of(decimal(Double.parseDouble(digits)))
        : Optional.empty();
  }

  private static BigInteger integer(Matcher matcher) {
    var radixes = new String[] {"hex", "16", "binary", "2", "octal", "8", "decimal", "10"};
    for (var i = 0; i < radixes.length; i += 2) {
      var digits = matcher.group(radixes[i]);
      if (digits != null) {
        return new BigInteger(matcher.group(1) + digits, Integer.parseInt(radixes[i + 1]));
      }
    }
    throw new IllegalStateException("no digits: " + matcher.group());
  }

  /** As many digits as it takes to tell a double from its neighbours. */
  private static JsonNode decimal(double value) {
    var number = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    return number.scale() <= 0 ? NODES.numberNode(number.toBigInteger()) : NODES.numberNode(number);
  }

  /** A date or a time without quotes, as Go prints it. */
  private static Optional<String> timestamp(String text) {
    var part = TIMESTAMP.matcher(text);
    if (!part.matches()) {
      return Optional.empty();
    }
    var between = part.group("between");
    var zone = part.group("zone");
    // With a T there has to be a zone, with a space there must not be one.
    if (between != null && between.isBlank() != (zone == null)) {
      return Optional.empty();
    }
    try {
      var time =
          OffsetDateTime.of(
              number(part, 1),
              number(part, 2),
              number(part, 3),
              number(part, 5),
              number(part, 6),
              number(part, 7),
              0,
              zone == null ? ZoneOffset.UTC : ZoneOffset.of(zone));
      return Optional.of(printed(time, part.group(8)));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static int number(Matcher part, int group) {
    return part.group(group) == null ? 0 : Integer.parseInt(part.group(group));
  }

  private static String printed(OffsetDateTime time, String fraction) {
    var digits =
        fraction == null
            ? ""
            : fraction.substring(0, Math.min(9, fraction.length())).replaceFirst("0+$", "");
    var isUtc = time.getOffset().equals(ZoneOffset.UTC);
    var offset = isUtc ? "+0000" : time.getOffset().getId().replace(":", "");
    return "%04d-%02d-%02d %02d:%02d:%02d%s %s %s"
        .formatted(
            time.getYear(),
            time.getMonthValue(),
            time.getDayOfMonth(),
            time.getHour(),
            time.getMinute(),
            time.getSecond(),
            digits.isEmpty() ? "" : "." + digits,
            offset,
            isUtc ? "UTC" : offset);
  }
}
