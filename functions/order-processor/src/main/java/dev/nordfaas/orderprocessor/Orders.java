package dev.nordfaas.orderprocessor;

import dev.nordfaas.orderprocessor.Order.Item;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import tools.jackson.core.type.TypeReference;

/** The table of orders. Each statement is a separate transaction, and may be repeated. */
final class Orders {
  private static final String INSERT =
      """
      INSERT INTO orders (order_id, message_id, customer, currency, items, total)
        VALUES (?, ?, ?, ?, ?::jsonb, ?)
        ON CONFLICT DO NOTHING
        RETURNING order_id, message_id, customer, currency, items, total, created_at
      """;

  private static final String SELECT =
      """
      SELECT order_id, message_id, customer, currency, items, total, created_at
        FROM orders WHERE order_id = ? OR message_id = ?
        ORDER BY order_id = ? DESC
      """;

  /** Finds also an order that nobody made, so that a rehearsal reads one without writing any. */
  private static final String SELECT_REHEARSED =
      """
      WITH orders AS (
        SELECT order_id, message_id, customer, currency, items, total, created_at FROM orders
        UNION ALL
        SELECT '%1$s', '%1$s', '%1$s', 'NOK',
          '[{"sku": "%1$s", "quantity": 1, "unitPrice": 0.50}]', 0.50, now())
      """
              .formatted(WarmUp.ID)
          + SELECT;

  private static final TypeReference<List<Item>> ITEMS = new TypeReference<>() {};

  /** A failure before this time did not wait for anything. */
  private static final Duration AT_ONCE = Duration.ofSeconds(1);

  private final DataSource connections;
  private final boolean rehearsal;

  private Orders(DataSource connections, boolean rehearsal) {
    this.connections = connections;
    this.rehearsal = rehearsal;
  }

  /** The table. */
  static Orders of(DataSource connections) {
    return new Orders(connections, false);
  }

  /** A table whose changes nobody else sees: everything is rolled back. It has one order more. */
  static Orders rehearsal(DataSource connections) {
    return new Orders(connections, true);
  }

  /**
   * Stores the order, or finds what is already there.
   *
   * @param id id of the message that brings it
   * @throws SQLException if it is not known whether the order is stored; it may be retried
   */
  Receipt store(String id, Order order) throws SQLException {
    return connected(
        connection -> {
          var stored = insert(connection, id, order);
          return stored.isPresent()
              ? new Receipt(Receipt.Kind.STORED, stored.get())
              : receipt(select(connection, order.orderId(), id), order);
        });
  }

  /** The order with this id, else the one from the message with this id. */
  Optional<StoredOrder> find(String id) throws SQLException {
    return connected(connection -> select(connection, id, id).stream().findFirst());
  }

  private static Receipt receipt(List<StoredOrder> found, Order order) throws SQLException {
    if (found.isEmpty()) {
      throw new SQLException("the conflicting order is gone");
    }
    var same = found.size() == 1 && found.get(0).holds(order);
    return new Receipt(same ? Receipt.Kind.DUPLICATE : Receipt.Kind.CONFLICT, found.get(0));
  }

  private static Optional<StoredOrder> insert(Connection connection, String id, Order order)
      throws SQLException {
    try (var statement = connection.prepareStatement(INSERT)) {
      statement.setString(1, order.orderId());
      statement.setString(2, id);
      statement.setString(3, order.customer());
      statement.setString(4, order.currency());
      statement.setString(5, Json.MAPPER.writeValueAsString(order.items()));
      statement.setBigDecimal(6, order.total());
      return rows(statement).stream().findFirst();
    }
  }

  private List<StoredOrder> select(Connection connection, String orderId, String id)
      throws SQLException {
    try (var statement = connection.prepareStatement(rehearsal ? SELECT_REHEARSED : SELECT)) {
      statement.setString(1, orderId);
      statement.setString(2, id);
      statement.setString(3, orderId);
      return rows(statement);
    }
  }

  private static List<StoredOrder> rows(PreparedStatement statement) throws SQLException {
    try (var rows = statement.executeQuery()) {
      var orders = new ArrayList<StoredOrder>();
      while (rows.next()) {
        orders.add(order(rows));
      }
      return orders;
    }
  }

  private static StoredOrder order(ResultSet row) throws SQLException {
    return new StoredOrder(
        row.getString("message_id"),
        row.getString("order_id"),
        row.getString("customer"),
        row.getString("currency"),
        Json.MAPPER.readValue(row.getString("items"), ITEMS),
        row.getBigDecimal("total"),
        row.getObject("created_at", OffsetDateTime.class).toInstant());
  }

  /**
   * Runs the work. A connection may turn out to be dead, because PgBouncer or PostgreSQL was
   * restarted: then it runs once more, with another.
   */
  private <T> T connected(Work<T> work) throws SQLException {
    var begin = System.nanoTime();
    try {
      return once(work);
    } catch (SQLException e) {
      if (!isDeadConnection(e) || System.nanoTime() - begin > AT_ONCE.toNanos()) {
        throw e;
      }
      return once(work);
    }
  }

  private <T> T once(Work<T> work) throws SQLException {
    try (var connection = connections.getConnection()) {
      if (!rehearsal) {
        return work.with(connection);
      }
      connection.setAutoCommit(false);
      try {
        return work.with(connection);
      } finally {
        connection.rollback();
      }
    }
  }

  private static boolean isDeadConnection(SQLException e) {
    var state = e.getSQLState();
    return !(e instanceof SQLTransientConnectionException)
        && state != null
        && (state.startsWith("08") || state.startsWith("57P"));
  }

  private interface Work<T> {
    T with(Connection connection) throws SQLException;
  }

  /** What happened to an order. */
  record Receipt(Kind kind, StoredOrder order) {
    enum Kind {
      /** It was stored. */
      STORED,
      /** It had been stored before. */
      DUPLICATE,
      /** Another order has its id, or came with its message. */
      CONFLICT
    }
  }
}
