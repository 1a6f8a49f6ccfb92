package dev.nordfaas.graph;

import dev.nordfaas.graph.Shape.Anchor;
import dev.nordfaas.graph.Shape.Arrow;
import dev.nordfaas.graph.Shape.Badge;
import dev.nordfaas.graph.Shape.Frame;
import dev.nordfaas.graph.Shape.Label;
import dev.nordfaas.graph.Shape.Look;
import dev.nordfaas.graph.Shape.Point;
import dev.nordfaas.graph.Shape.Rule;
import java.util.ArrayList;
import java.util.List;

/** Collects the shapes of a picture, the lowest first. */
final class Canvas {
  private final List<Shape> shapes = new ArrayList<>();

  List<Shape> shapes() {
    return List.copyOf(shapes);
  }

  Area frame(String id, Area area, Look look) {
    shapes.add(new Frame(id, area, look));
    return area;
  }

  void text(String text, double x, double y, Font font) {
    text(text, x, y, Anchor.START, font);
  }

  void text(String text, double x, double y, Anchor anchor, Font font) {
    shapes.add(new Label(text, x, y, anchor, font, false));
  }

  void upright(String text, double x, double y, Font font) {
    shapes.add(new Label(text, x, y, Anchor.START, font, true));
  }

  void arrow(String id, boolean dashed, Point... points) {
    shapes.add(new Arrow(id, List.of(points), dashed));
  }

  void rule(double x1, double y1, double x2, double y2) {
    shapes.add(new Rule(new Point(x1, y1), new Point(x2, y2)));
  }

  /** The letters side by side, the last one ending at the place. */
  void badgesBefore(List<String> letters, double right, double centerY) {
    var x = right - Badge.RADIUS;
    for (var index = letters.size() - 1; index >= 0; index--) {
      shapes.add(new Badge(letters.get(index), x, centerY));
      x -= 2 * Badge.RADIUS + 1;
    }
  }

  void badge(String letter, double x, double centerY) {
    shapes.add(new Badge(letter, x, centerY));
  }
}
