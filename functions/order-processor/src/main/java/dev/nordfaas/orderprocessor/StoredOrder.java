package dev.nordfaas.orderprocessor;

import dev.nordfaas.orderprocessor.Order.Item;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;

/**
 * An order as stored in the database, and as returned.
 *
 * @param id id of the message that brought it
 */
record StoredOrder(
    String id,
    String orderId,
    String customer,
    String currency,
    List<Item> items,
    BigDecimal total,
    Instant createdAt) {
  StoredOrder {
    items = List.copyOf(items);
  }

  /** Whether this is what the client ordered. */
  boolean holds(Order order) {
    return order.equals(new Order(orderId, customer, currency, items));
  }
}
