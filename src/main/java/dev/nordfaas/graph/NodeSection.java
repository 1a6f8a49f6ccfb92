package dev.nordfaas.graph;

import dev.nordfaas.config.NodeConfig;
import dev.nordfaas.config.NodeConfig.Role;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.graph.Shape.Look;
import dev.nordfaas.plan.Plan;
import dev.nordfaas.plan.Pods;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The nodes, with what runs on each. */
final class NodeSection {
  private static final double PAD = 5;
  private static final double GAP = 4;
  private static final double LEAST = 130;
  private static final int NAMED_FUNCTIONS = 8;

  private final StackConfig config;
  private final Placement placement;
  private final Canvas canvas;
  private final double left;
  private final double width;

  NodeSection(Plan plan, Canvas canvas, double left, double width) {
    this.config = plan.config();
    this.placement = Placement.of(plan);
    this.canvas = canvas;
    this.left = left;
    this.width = width;
  }

  /** Returns where it ends. */
  double draw(double top) {
    var perRow = (int) Math.max(1, Math.min(config.nodes().size(), Math.floor(width / LEAST)));
    var each = (width - (perRow - 1) * GAP) / perRow;
    var boxes =
        config.nodes().entrySet().stream()
            .map(node -> new Box(node.getKey(), title(node), lines(node, each)))
            .toList();
    var y = top;
    for (var first = 0; first < boxes.size(); first += perRow) {
      var row = boxes.subList(first, Math.min(first + perRow, boxes.size()));
      var height = row.stream().mapToDouble(Box::height).max().orElse(0);
      for (var index = 0; index < row.size(); index++) {
        drawBox(row.get(index), new Area(left + index * (each + GAP), y, each, height), Look.NODE);
      }
      y += height + GAP;
    }
    if (!placement.anywhere().isEmpty()) {
      var shared =
          new Box(
              "any node",
              "Where there is room on any of them",
              wrapped(names(placement.anywhere()), width));
      drawBox(shared, new Area(left, y, width, shared.height()), Look.SHARED);
      y += shared.height() + GAP;
    }
    return y;
  }

  private record Box(String id, String title, List<String> lines) {
    double height() {
      return 15 + lines.size() * Font.TEXT.line();
    }
  }

  private void drawBox(Box box, Area area, Look look) {
    canvas.frame("node " + box.id(), area, look);
    canvas.text(
        Font.NAME.fit(box.title(), area.width() - 2 * PAD),
        area.x() + PAD,
        area.y() + 10.5,
        Font.NAME);
    for (var index = 0; index < box.lines().size(); index++) {
      canvas.text(
          box.lines().get(index),
          area.x() + PAD,
          area.y() + 20 + index * Font.TEXT.line(),
          Font.TEXT);
    }
  }

  private static String title(Map.Entry<String, NodeConfig> node) {
    var config = node.getValue();
    return "%s, %s%s"
        .formatted(
            node.getKey(),
            config.role() == Role.SERVER ? "server" : "agent",
            config.away() ? ", away" : "");
  }

  private List<String> lines(Map.Entry<String, NodeConfig> node, double room) {
    var config = node.getValue();
    var addresses =
        Stream.concat(Stream.of(config.address()), config.privateAddress().stream()).toList();
    var sizes = List.of(config.vcpu() + " vCPU", config.memory().text(), config.disk().text());
    var lines = new ArrayList<String>();
    lines.addAll(Font.TEXT.wrap(addresses, " · ", room - 2 * PAD));
    lines.addAll(Font.TEXT.wrap(sizes, " · ", room - 2 * PAD));
    var own = placement.onNodes().getOrDefault(node.getKey(), List.of());
    if (!config.takesPods() && this.config.k3s().existing().isEmpty()) {
      lines.add("takes no pods of the platform: tainted");
    } else if (!own.isEmpty()) {
      lines.addAll(wrapped(names(own), room));
    }
    return lines;
  }

  /** The pods by name, with their number; many functions are one entry. */
  private List<String> names(List<Pods> pods) {
    var families = new Families(config);
    var ofFunctions = pods.stream().filter(it -> isOfFunction(it, families)).toList();
    var names =
        PodNames.of(
            pods.stream()
                .filter(it -> ofFunctions.size() <= NAMED_FUNCTIONS || !ofFunctions.contains(it))
                .toList(),
            it -> it.name() + number(it));
    if (ofFunctions.size() > NAMED_FUNCTIONS) {
      names.add("functions and what calls them: " + Counts.of(ofFunctions));
    }
    return names;
  }

  private static boolean isOfFunction(Pods pods, Families families) {
    return pods.object()
        .map(object -> object.substring(object.indexOf(' ') + 1))
        .filter(
            workload ->
                families.of(workload).isPresent()
                    || (workload.startsWith(Families.workload("")) && pods.turn().isPresent()))
        .isPresent();
  }

  private String number(Pods pods) {
    var nodes = Placement.nodesOf(pods, config);
    return nodes.size() > 1 && nodes.size() == pods.most()
        ? ""
        : Counts.times(pods) + (nodes.size() > 1 ? " on %d nodes".formatted(nodes.size()) : "");
  }

  private static List<String> wrapped(List<String> names, double room) {
    return Font.TEXT.wrap(names, ", ", room - 2 * PAD);
  }
}
