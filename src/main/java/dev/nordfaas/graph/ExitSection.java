package dev.nordfaas.graph;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/** The destinations outside the cluster, with who connects to them and what for. */
final class ExitSection {
  private static final double INDENT = 15;

  private final Connections connections;
  private final Canvas canvas;
  private final double left;
  private final double width;

  ExitSection(Connections connections, Canvas canvas, double left, double width) {
    this.connections = connections;
    this.canvas = canvas;
    this.left = left;
    this.width = width;
  }

  /** Returns where it ends. */
  double draw(double top) {
    if (connections.exits().isEmpty()) {
      canvas.text("Nothing: no pod may connect to an address outside.", left, top + 7, Font.TEXT);
      return top + 2 * Font.TEXT.line();
    }
    var y = top + 8;
    for (var exit : connections.exits()) {
      canvas.badge(exit.letter(), left + Shape.Badge.RADIUS, y - 2.5);
      for (var line : lines(exit)) {
        canvas.text(line, left + INDENT, y, Font.TEXT);
        y += Font.TEXT.line();
      }
      y += 4;
    }
    return y;
  }

  private List<String> lines(Exit exit) {
    var lines = new ArrayList<>(List.of(exit.text()));
    var same = new LinkedHashMap<String, List<String>>();
    exit.purposes()
        .forEach(
            (workload, purposes) ->
                same.computeIfAbsent(String.join("; ", purposes), text -> new ArrayList<>())
                    .add(workload.substring(workload.indexOf('/') + 1)));
    same.forEach(
        (purpose, workloads) ->
            lines.addAll(
                Font.TEXT.wrap(
                    String.join(", ", workloads) + (purpose.isEmpty() ? "" : ": " + purpose),
                    width - INDENT)));
    return lines;
  }
}
