package dev.nordfaas.config.check;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Types YAML scalars as the Pulumi CLI does, which is written in Go: {@code NO} and {@code yes} are
 * texts, {@code 012} is ten, {@code 1.0} is one.
 */
final class GoYamlScalars {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final Set<String> NULLS = Set.of("", "~", "null", "Null", "NULL");
  private static final Set<String> TRUE = Set.of("true", "True", "TRUE");
  private static final Set<String> FALSE = Set.of("false", "False", "FALSE");
  private static final Pattern INTEGER =
      Pattern.compile(
          "([-+]?)(?:0[xX](?<hex>[0-9a-fA-F]+)|0[bB](?<binary>[01]+)|0[oO]?(?<octal>[0-7]+)"
              + "|(?<decimal>0|[1-9][0-9]*))");
  private static final Pattern FLOAT =
      Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");

  private GoYamlScalars() {}

  static JsonNode resolve(ScalarNode scalar) {
    var text = scalar.getValue();
    if (scalar.getScalarStyle() != ScalarStyle.PLAIN) {
      return NODES.stringNode(text);
    }
    if (NULLS.contains(text)) {
      return NODES.nullNode();
    }
    if (TRUE.contains(text) || FALSE.contains(text)) {
      return NODES.booleanNode(TRUE.contains(text));
    }
    var digits = text.replace("_", "");
    var integer = INTEGER.matcher(digits);
    if (integer.matches()) {
      return NODES.numberNode(integer(integer));
    }
    return FLOAT.matcher(digits).matches() && Double.isFinite(Double.parseDouble(digits))
        ? decimal(digits)
        : NODES.stringNode(text);
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

  private static JsonNode decimal(String digits) {
    var number = new BigDecimal(digits).stripTrailingZeros();
    return number.scale() <= 0 ? NODES.numberNode(number.toBigInteger()) : NODES.numberNode(number);
  }
}
