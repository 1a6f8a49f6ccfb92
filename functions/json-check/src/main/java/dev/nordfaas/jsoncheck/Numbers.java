package dev.nordfaas.jsoncheck;

import com.networknt.schema.ExecutionContext;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaContext;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.keyword.AbstractKeyword;
import com.networknt.schema.keyword.Keyword;
import com.networknt.schema.keyword.KeywordValidator;
import com.networknt.schema.path.NodePath;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/**
 * The keywords about numbers, exactly and at a cost that does not depend on their exponents. The
 * validator's own round or refuse some whole numbers that are written as decimals, and take forever
 * to divide 1e999999999 (json-schema-validator 3.0.7, MultipleOfValidator and MaximumValidator).
 */
final class Numbers extends AbstractKeyword {
  private final Function<BigDecimal, Predicate<BigDecimal>> rule;

  private Numbers(String name, Function<BigDecimal, Predicate<BigDecimal>> rule) {
    super(name);
    this.rule = rule;
  }

  /** All of them. */
  static List<Keyword> keywords() {
    return List.of(
        new Numbers("multipleOf", Numbers::multipleOf),
        new Numbers("minimum", limit -> it -> it.compareTo(limit) >= 0),
        new Numbers("maximum", limit -> it -> it.compareTo(limit) <= 0),
        new Numbers("exclusiveMinimum", limit -> it -> it.compareTo(limit) > 0),
        new Numbers("exclusiveMaximum", limit -> it -> it.compareTo(limit) < 0));
  }

  @Override
  public KeywordValidator newValidator(
      SchemaLocation location, JsonNode schema, Schema parent, SchemaContext context) {
    if (!schema.isNumber()) {
      throw new SchemaException("%s is not a number".formatted(getValue()));
    }
    return new Validator(
        this, schema, location, parent, context, rule.apply(schema.decimalValue()));
  }

  /**
   * Whether numbers are multiples of another. Written out, 1e-999999999 would fill the memory; so
   * this counts digits first.
   */
  private static Predicate<BigDecimal> multipleOf(BigDecimal divisor) {
    var least = divisor.stripTrailingZeros();
    var digits = least.unscaledValue().abs();
    if (digits.signum() == 0) {
      throw new SchemaException("multipleOf is not above 0");
    }
    return number -> {
      var zeros = (long) least.scale() - number.scale();
      if (number.signum() == 0) {
        return true;
      }
      if (zeros >= 0) {
        // number / least = unscaled * 10^zeros / digits
        return number
                .unscaledValue()
                .mod(digits)
                .multiply(BigInteger.TEN.modPow(BigInteger.valueOf(zeros), digits))
                .mod(digits)
                .signum()
            == 0;
      }
      return -zeros <= number.precision()
          && number
                  .unscaledValue()
                  .mod(digits.multiply(BigInteger.TEN.pow(Math.toIntExact(-zeros))))
                  .signum()
              == 0;
    };
  }

  private static final class Validator extends ReportingValidator {
    private final Predicate<BigDecimal> valid;

    Validator(
        Keyword keyword,
        JsonNode schema,
        SchemaLocation location,
        Schema parent,
        SchemaContext context,
        Predicate<BigDecimal> valid) {
      super(keyword, schema, location, parent, context);
      this.valid = valid;
    }

    @Override
    public void validate(
        ExecutionContext context, JsonNode node, JsonNode root, NodePath location) {
      if (node.isNumber() && !valid.test(node.decimalValue())) {
        report(context, node, location, getSchemaNode().asString());
      }
    }
  }
}
