package dev.nordfaas.orderprocessor;

import dev.nordfaas.jsoncheck.JsonCheck;
import dev.nordfaas.jsoncheck.Problem;
import dev.nordfaas.jsoncheck.StrictJson;
import dev.nordfaas.orderprocessor.Order.Item;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.RoundingMode;
import java.util.List;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * Reads an order. What an order is, {@code order.schema.json} says, by which intake has checked the
 * same bytes with the same code before it answered 202; so nothing here can refuse what intake
 * took.
 */
final class OrderReader {
  /** The format of message and order ids. */
  static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  static final String ID_RULE = "has to be 1 to 64 of A-Z, a-z, 0-9, _ and -";

  private static final int DECIMALS = 2;

  private OrderReader() {}

  /**
   * Reads the body of a request.
   *
   * @throws InvalidOrderException with its problems
   */
  static Order read(byte[] body) throws InvalidOrderException {
    var checked = Check.OF_ORDERS.check(body);
    if (!checked.problems().isEmpty()) {
      throw new InvalidOrderException(checked.problems());
    }
    return order(checked.document());
  }

  private static Order order(JsonNode valid) {
    return new Order(
        valid.get("orderId").stringValue(),
        valid.get("customer").stringValue(),
        valid.get("currency").stringValue(),
        valid.get("items").valueStream().map(OrderReader::item).toList());
  }

  private static Item item(JsonNode valid) {
    return new Item(
        valid.get("sku").stringValue(),
        valid.get("quantity").decimalValue().intValueExact(),
        valid.get("unitPrice").decimalValue().setScale(DECIMALS, RoundingMode.UNNECESSARY));
  }

  /** Loaded with the first order: a function that only reads does without. */
  private static final class Check {
    static final JsonCheck OF_ORDERS = JsonCheck.of(schema());

    private static JsonNode schema() {
      try (var file = OrderReader.class.getResourceAsStream("/order.schema.json")) {
        if (file == null) {
          throw new IllegalStateException("the build left order.schema.json out of the jar");
        }
        return StrictJson.MAPPER.readTree(file);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** The order cannot be stored. */
  static final class InvalidOrderException extends Exception {
    private final transient List<Problem> problems;

    InvalidOrderException(List<Problem> problems) {
      super(problems.size() + " problems");
      this.problems = List.copyOf(problems);
    }

    List<Problem> problems() {
      return problems;
    }
  }
}
