package dev.nordfaas.orderprocessor;

import java.math.BigDecimal;
import java.util.List;

/**
 * An order of a client.
 *
 * @param orderId the client's own id, 1 to 64 of {@code A-Za-z0-9_-}
 * @param currency ISO 4217 code
 * @param items at least one
 */
record Order(String orderId, String customer, String currency, List<Item> items) {
  Order {
    items = List.copyOf(items);
  }

  /** The sum of all items. */
  BigDecimal total() {
    return items.stream().map(Item::price).reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  /**
   * One line of an order.
   *
   * @param unitPrice in the order's currency, with two decimals
   */
  record Item(String sku, int quantity, BigDecimal unitPrice) {
    BigDecimal price() {
      return unitPrice.multiply(BigDecimal.valueOf(quantity));
    }
  }
}
