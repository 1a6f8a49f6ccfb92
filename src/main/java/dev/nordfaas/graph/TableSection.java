package dev.nordfaas.graph;

import dev.nordfaas.graph.Shape.Anchor;
import dev.nordfaas.graph.Shape.Look;
import java.util.List;
import java.util.stream.Collectors;

/** Who may connect to whom inside the cluster, and from outside: one row for each who connects. */
final class TableSection {
  private static final double ROW = 10;
  private static final double LEAST = 27;
  private static final double PAD = 3;

  private final Connections connections;
  private final Canvas canvas;
  private final List<Party> rows;
  private final List<Party> columns;

  TableSection(Connections connections, Canvas canvas) {
    this.connections = connections;
    this.canvas = canvas;
    rows =
        connections.parties().stream()
            .filter(party -> connections.inside().stream().anyMatch(it -> it.from().equals(party)))
            .toList();
    columns =
        connections.parties().stream()
            .filter(party -> connections.inside().stream().anyMatch(it -> it.to().equals(party)))
            .toList();
  }

  double width() {
    return rowHead() + columns.stream().mapToDouble(this::width).sum();
  }

  double height() {
    return columnHead() + rows.size() * ROW;
  }

  private double rowHead() {
    return rows.stream().mapToDouble(row -> Font.TEXT.width(row.label())).max().orElse(0) + 8;
  }

  private double columnHead() {
    return columns.stream().mapToDouble(it -> Font.TEXT.width(it.label())).max().orElse(0) + 8;
  }

  private double width(Party column) {
    return Math.max(
        LEAST,
        rows.stream().mapToDouble(row -> Font.TEXT.width(text(row, column))).max().orElse(0)
            + 4 * PAD);
  }

  /** A star: each only the one of its own function. */
  private String text(Party from, Party to) {
    return connections.inside().stream()
        .filter(it -> it.from().equals(from) && it.to().equals(to))
        .map(it -> it.portText() + (isStarred(it) ? "*" : ""))
        .collect(Collectors.joining(", "));
  }

  private static boolean isStarred(Connection connection) {
    return connection.own()
        && (connection.from().members().size() > 1 || connection.to().members().size() > 1);
  }

  /** Whether a row or a cell needs explaining. */
  boolean hasStars() {
    return connections.inside().stream().anyMatch(TableSection::isStarred);
  }

  void draw(double left, double y) {
    var head = columnHead();
    var x = left + rowHead();
    for (var column : columns) {
      var width = width(column);
      canvas.upright(column.label(), x + width / 2 + 2.5, y + head - 4, Font.TEXT);
      x += width;
    }
    for (var index = 0; index <= rows.size(); index++) {
      var at = y + head + index * ROW;
      canvas.rule(left, at, left + width(), at);
    }
    for (var index = 0; index < rows.size(); index++) {
      drawRow(rows.get(index), left, y + head + index * ROW);
    }
  }

  private void drawRow(Party row, double left, double y) {
    canvas.text(row.label(), left + PAD, y + ROW - 3, Font.TEXT);
    var x = left + rowHead();
    for (var column : columns) {
      var width = width(column);
      var text = text(row, column);
      if (!text.isEmpty()) {
        var cell = new Area(x + 0.75, y + 0.75, width - 1.5, ROW - 1.5);
        canvas.frame("%s > %s".formatted(row.label(), column.label()), cell, Look.CELL);
        canvas.text(text, cell.centerX(), y + ROW - 2.8, Anchor.MIDDLE, Font.TEXT);
      }
      x += width;
    }
  }
}
