package dev.nordfaas.graph;

import dev.nordfaas.config.StackConfig;
import dev.nordfaas.graph.Shape.Anchor;
import dev.nordfaas.graph.Shape.Point;
import dev.nordfaas.plan.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The picture of a stack: the path of its requests, who may connect to whom, its nodes, and what
 * leaves the cluster. It is as large as a sheet of A4 in landscape, or several below one another if
 * that is not enough; one unit is one point of print.
 *
 * @param page its size
 * @param shapes what is on it
 */
record Picture(Area page, String title, String description, List<Shape> shapes) {
  private static final double WIDTH = 842;
  private static final double HEIGHT = 595;
  private static final double MARGIN = 20;
  private static final double INSIDE = WIDTH - 2 * MARGIN;
  private static final double BETWEEN = 18;

  /** What nodes and destinations need at least beside the table. */
  private static final double LEAST = 215;

  Picture {
    shapes = List.copyOf(shapes);
  }

  /** The picture as SVG. */
  static String svg(Plan plan) {
    var picture = of(plan);
    return Svg.of(picture.page(), picture.title(), picture.description(), picture.shapes());
  }

  static Picture of(Plan plan) {
    var onOneSheet = of(plan, false);
    return onOneSheet.page().height() <= HEIGHT ? onOneSheet : of(plan, true);
  }

  private static Picture of(Plan plan, boolean isSpread) {
    var canvas = new Canvas();
    var connections = Connections.of(plan);
    var y = heading(plan, canvas);
    sectionTitle("The path of a request", canvas, MARGIN, y);
    legend(canvas, y);
    y = new PathSection(plan, connections, canvas, MARGIN, y + 8).draw() + 18;
    y = details(plan, connections, canvas, y, isSpread);
    var sheets = isSpread ? Math.ceil((y + MARGIN) / HEIGHT) : 1;
    return new Picture(
        new Area(0, 0, WIDTH, Math.max(sheets * HEIGHT, Math.ceil(y + MARGIN))),
        title(plan.config()),
        description(plan, connections),
        canvas.shapes());
  }

  /** Lists go to another sheet if one is not enough. */
  private static double details(
      Plan plan, Connections connections, Canvas canvas, double top, boolean isSpread) {
    var table = new TableSection(connections, canvas);
    var isBeside = table.width() + BETWEEN + LEAST <= INSIDE;
    var tableWidth = isBeside ? table.width() : INSIDE;
    sectionTitle("Who may connect to whom, at which TCP port", canvas, MARGIN, top);
    table.draw(MARGIN, top + 6);
    var below = top + 6 + table.height() + 10;
    below = paragraphs(notes(table), canvas, MARGIN, below, tableWidth);
    var groups = FunctionGroups.of(plan, connections);
    if (!isSpread) {
      below = paragraphs(groups, canvas, MARGIN, below, tableWidth);
    }
    var left = isBeside ? MARGIN + table.width() + BETWEEN : MARGIN;
    var width = WIDTH - MARGIN - left;
    var y = isBeside ? top : below + 14;
    sectionTitle("Nodes", canvas, left, y);
    y = new NodeSection(plan, canvas, left, width).draw(y + 6) + 13;
    if (!isSpread) {
      y = exits(connections, canvas, left, y, width);
      // Where there is more room.
      if (isBeside && below < y) {
        below = paragraphs(HostNotes.of(plan), canvas, MARGIN, below, tableWidth);
      } else {
        y = paragraphs(HostNotes.of(plan), canvas, left, y + 8, width);
      }
      return Math.max(y, below) - Font.TEXT.line();
    }
    y = Math.ceil(Math.max(y, below) / HEIGHT) * HEIGHT + MARGIN;
    canvas.text(plan.config().datacenter().name() + ", continued", MARGIN, y + 12, Font.TITLE);
    canvas.rule(MARGIN, y + 18, WIDTH - MARGIN, y + 18);
    y += 32;
    y = exits(connections, canvas, MARGIN, y, INSIDE) + 10;
    sectionTitle("Functions", canvas, MARGIN, y);
    y = paragraphs(groups, canvas, MARGIN, y + 13, INSIDE) + 12;
    sectionTitle("Hosts", canvas, MARGIN, y);
    return paragraphs(HostNotes.of(plan), canvas, MARGIN, y + 13, INSIDE) - Font.TEXT.line();
  }

  private static double exits(
      Connections connections, Canvas canvas, double left, double y, double width) {
    sectionTitle("What leaves the cluster", canvas, left, y);
    return new ExitSection(connections, canvas, left, width).draw(y + 4);
  }

  private static double heading(Plan plan, Canvas canvas) {
    var config = plan.config();
    canvas.text(
        Font.TITLE.fit(config.datacenter().name(), INSIDE / 2), MARGIN, MARGIN + 12, Font.TITLE);
    canvas.text(
        "%s, %s, %s"
            .formatted(
                config.datacenter().domain(),
                config.datacenter().country(),
                config.datacenter().environment().name().toLowerCase(Locale.ROOT)),
        WIDTH - MARGIN,
        MARGIN + 12,
        Anchor.END,
        Font.TEXT);
    canvas.rule(MARGIN, MARGIN + 18, WIDTH - MARGIN, MARGIN + 18);
    return MARGIN + 32;
  }

  private static void sectionTitle(String text, Canvas canvas, double x, double y) {
    canvas.text(text, x, y, Font.HEADING);
  }

  /** From right to left, at the end of the line of the section's title. */
  private static void legend(Canvas canvas, double y) {
    var x = WIDTH - MARGIN;
    x = legend("connects to addresses outside", canvas, x, y);
    canvas.badge("A", x - 9, y - 2.5);
    x = legend("messages, fetched by the worker", canvas, x - 28, y);
    canvas.arrow("legend of messages", true, new Point(x - 24, y - 2.5), new Point(x - 3, y - 2.5));
    x = legend("requests, to a TCP port", canvas, x - 38, y);
    canvas.arrow(
        "legend of requests", false, new Point(x - 24, y - 2.5), new Point(x - 3, y - 2.5));
  }

  private static double legend(String text, Canvas canvas, double right, double y) {
    canvas.text(text, right, y, Anchor.END, Font.TEXT);
    return right - Font.TEXT.width(text);
  }

  private static List<String> notes(TableSection table) {
    var notes = new ArrayList<String>();
    notes.add(
        "From the network policies, which hold for pods: rows connect, columns listen. Every pod may ask the name server.");
    if (table.hasStars()) {
      notes.add("* Each only that of its own function.");
    }
    return notes;
  }

  /** Returns where the next line would be. */
  private static double paragraphs(
      List<String> paragraphs, Canvas canvas, double left, double top, double width) {
    var y = top;
    for (var paragraph : paragraphs) {
      for (var line : Font.TEXT.wrap(paragraph, width)) {
        canvas.text(line, left, y, Font.TEXT);
        y += Font.TEXT.line();
      }
      y += 2;
    }
    return y;
  }

  private static String title(StackConfig config) {
    return "The platform of %s".formatted(config.datacenter().name());
  }

  private static String description(Plan plan, Connections connections) {
    var config = plan.config();
    return "%s, %s. Clients reach the edge with TLS; it passes calls to %s and orders to intake, which stores them in NATS JetStream, from where workers fetch them and call functions; functions reach PostgreSQL through PgBouncer. Pods may connect to %s outside the cluster."
        .formatted(
            count(config.nodes().size(), "node"),
            count(config.functions().size(), "function"),
            config.openfaas().hasGateway() ? "the gateway of OpenFaaS" : "functions",
            count(connections.exits().size(), "destination"));
  }

  private static String count(int number, String what) {
    return "%d %s%s".formatted(number, what, number == 1 ? "" : "s");
  }
}
