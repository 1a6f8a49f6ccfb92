package dev.nordfaas.orderprocessor;

import dev.nordfaas.orderprocessor.Order.Item;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Reads an order, and finds all of its problems at once. */
final class OrderReader {
  /** The format of message and order ids. */
  static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  static final String ID_RULE = "has to be 1 to 64 of A-Z, a-z, 0-9, _ and -";

  private static final Pattern CURRENCY = Pattern.compile("[A-Z]{3}");
  private static final int MAX_ITEMS = 1000;
  private static final int MAX_QUANTITY = 1_000_000;
  private static final BigDecimal MAX_PRICE = new BigDecimal("99999999.99");
  private static final int DECIMALS = 2;

  private final List<Problem> problems = new ArrayList<>();

  private OrderReader() {}

  /**
   * Reads the body of a request.
   *
   * @throws InvalidOrderException with all problems
   */
  static Order read(byte[] body) throws InvalidOrderException {
    var reader = new OrderReader();
    var order = reader.order(tree(body));
    if (!reader.problems.isEmpty()) {
      throw new InvalidOrderException(reader.problems);
    }
    return order;
  }

  private static JsonNode tree(byte[] body) throws InvalidOrderException {
    try {
      return Json.MAPPER.readTree(body);
    } catch (JacksonException e) {
      var at = e.getLocation();
      throw new InvalidOrderException(
          List.of(
              new Problem(
                  "",
                  at == null
                      ? "is not JSON"
                      : "is not JSON: line %d, column %d"
                          .formatted(at.getLineNr(), at.getColumnNr()))));
    }
  }

  private Order order(JsonNode node) {
    if (!object(node, "", Set.of("orderId", "customer", "currency", "items"))) {
      return new Order("", "", "", List.of());
    }
    return new Order(
        matching(node, "orderId", ID, ID_RULE),
        text(node, "", "customer", 200),
        matching(node, "currency", CURRENCY, "has to be an ISO 4217 code, such as NOK"),
        items(node.path("items")));
  }

  private List<Item> items(JsonNode node) {
    if (!node.isArray() || node.isEmpty() || node.size() > MAX_ITEMS) {
      problem("items", "has to be a list of 1 to %d items".formatted(MAX_ITEMS));
      return List.of();
    }
    var items = new ArrayList<Item>();
    for (var i = 0; i < node.size(); i++) {
      items.add(item(node.path(i), "items[%d]".formatted(i)));
    }
    return items;
  }

  private Item item(JsonNode node, String path) {
    if (!object(node, path, Set.of("sku", "quantity", "unitPrice"))) {
      return new Item("", 0, BigDecimal.ZERO);
    }
    return new Item(text(node, path, "sku", 64), quantity(node, path), unitPrice(node, path));
  }

  /** An unknown key is a misspelt one, whose value would be lost. */
  private boolean object(JsonNode node, String path, Set<String> known) {
    if (!node.isObject()) {
      problem(path, "has to be an object");
      return false;
    }
    for (var name : node.propertyNames()) {
      if (!known.contains(name)) {
        problem(
            path, "may only have the keys " + String.join(", ", known.stream().sorted().toList()));
        break;
      }
    }
    return true;
  }

  private String matching(JsonNode node, String name, Pattern pattern, String rule) {
    var value = node.path(name);
    if (!value.isString() || !pattern.matcher(value.stringValue()).matches()) {
      problem(name, rule);
      return "";
    }
    return value.stringValue();
  }

  /** PostgreSQL stores neither NUL nor unpaired surrogates; other controls are not needed. */
  private String text(JsonNode node, String path, String name, int max) {
    var value = node.path(name);
    if (value.isString()) {
      var text = value.stringValue();
      var length = text.codePointCount(0, text.length());
      if (length >= 1 && length <= max && text.codePoints().allMatch(OrderReader::isPrintable)) {
        return text;
      }
    }
    problem(join(path, name), "has to be a text of 1 to %d printable characters".formatted(max));
    return "";
  }

  private static boolean isPrintable(int codePoint) {
    return !Character.isISOControl(codePoint)
        && Character.getType(codePoint) != Character.SURROGATE;
  }

  private int quantity(JsonNode node, String path) {
    var value = node.path("quantity");
    if (value.isIntegralNumber() && value.canConvertToInt()) {
      var quantity = value.intValue();
      if (quantity >= 1 && quantity <= MAX_QUANTITY) {
        return quantity;
      }
    }
    problem(join(path, "quantity"), "has to be a whole number from 1 to " + MAX_QUANTITY);
    return 0;
  }

  private BigDecimal unitPrice(JsonNode node, String path) {
    var value = node.path("unitPrice");
    if (value.isNumber() && isPrice(value.decimalValue())) {
      return value.decimalValue().setScale(DECIMALS);
    }
    problem(
        join(path, "unitPrice"),
        "has to be a number from 0 to %s with at most %d decimals".formatted(MAX_PRICE, DECIMALS));
    return BigDecimal.ZERO;
  }

  /** Only checks sign, size and scale: 1e-999999999 written out would fill the memory. */
  private static boolean isPrice(BigDecimal price) {
    return price.signum() >= 0
        && price.compareTo(MAX_PRICE) <= 0
        && price.stripTrailingZeros().scale() <= DECIMALS;
  }

  private static String join(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  private void problem(String path, String reason) {
    problems.add(new Problem(path, reason));
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
