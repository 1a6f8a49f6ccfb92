package dev.nordfaas.graph;

import dev.nordfaas.graph.Shape.Arrow;
import dev.nordfaas.graph.Shape.Badge;
import dev.nordfaas.graph.Shape.Frame;
import dev.nordfaas.graph.Shape.Label;
import dev.nordfaas.graph.Shape.Point;
import dev.nordfaas.graph.Shape.Rule;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** Writes shapes as SVG: the same shapes always as the same bytes. */
final class Svg {
  private static final String NAMESPACE = "http://www.w3.org/2000/svg";
  private static final String INK = "#1f2933";
  private static final double MILLIMETRES = 25.4 / 72;
  private static final double HEAD = 5;

  private final StringWriter text = new StringWriter();
  private final XMLStreamWriter xml;

  private Svg() throws XMLStreamException {
    xml = XMLOutputFactory.newInstance().createXMLStreamWriter(text);
  }

  /**
   * The picture on a white page.
   *
   * @param page its size in points
   * @param title what it is, for those who do not see it
   * @param description what it shows, for them
   */
  static String of(Area page, String title, String description, List<Shape> shapes) {
    try {
      var svg = new Svg();
      svg.write(page, title, description, shapes);
      return svg.text.toString();
    } catch (XMLStreamException e) {
      throw new IllegalStateException(e);
    }
  }

  private void write(Area page, String title, String description, List<Shape> shapes)
      throws XMLStreamException {
    xml.writeStartElement("svg");
    xml.writeDefaultNamespace(NAMESPACE);
    xml.writeAttribute("width", number(page.width() * MILLIMETRES) + "mm");
    xml.writeAttribute("height", number(page.height() * MILLIMETRES) + "mm");
    xml.writeAttribute(
        "viewBox", "0 0 %s %s".formatted(number(page.width()), number(page.height())));
    xml.writeAttribute("role", "img");
    xml.writeAttribute("aria-labelledby", "title description");
    xml.writeAttribute(
        "font-family", "Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif");
    xml.writeAttribute("fill", INK);
    element("title", "title", title);
    element("desc", "description", description);
    start("rect");
    xml.writeAttribute("width", "100%");
    xml.writeAttribute("height", "100%");
    xml.writeAttribute("fill", "#ffffff");
    xml.writeEndElement();
    for (var shape : shapes) {
      write(shape);
    }
    xml.writeCharacters("\n");
    xml.writeEndElement();
    xml.writeCharacters("\n");
    xml.flush();
  }

  private void write(Shape shape) throws XMLStreamException {
    if (shape instanceof Frame frame) {
      frame(frame);
    } else if (shape instanceof Label label) {
      label(label);
    } else if (shape instanceof Arrow arrow) {
      arrow(arrow);
    } else if (shape instanceof Rule rule) {
      rule(rule);
    } else if (shape instanceof Badge badge) {
      badge(badge);
    }
  }

  private void frame(Frame frame) throws XMLStreamException {
    start("rect");
    place(frame.area().x(), frame.area().y());
    attribute("width", frame.area().width());
    attribute("height", frame.area().height());
    if (frame.look().radius > 0) {
      attribute("rx", frame.look().radius);
    }
    xml.writeAttribute("fill", frame.look().fill);
    xml.writeAttribute("stroke", frame.look().stroke);
    attribute("stroke-width", frame.look().width);
    if (!frame.look().dashes.isEmpty()) {
      xml.writeAttribute("stroke-dasharray", frame.look().dashes);
    }
    xml.writeEndElement();
  }

  private void label(Label label) throws XMLStreamException {
    start("text");
    place(label.x(), label.y());
    attribute("font-size", label.font().size());
    if (label.font().bold()) {
      xml.writeAttribute("font-weight", "bold");
    }
    if (label.anchor() != Shape.Anchor.START) {
      xml.writeAttribute("text-anchor", label.anchor().name().toLowerCase(Locale.ROOT));
    }
    if (label.upright()) {
      xml.writeAttribute(
          "transform", "rotate(-90 %s %s)".formatted(number(label.x()), number(label.y())));
    }
    xml.writeCharacters(label.text());
    xml.writeEndElement();
  }

  private void arrow(Arrow arrow) throws XMLStreamException {
    var points = arrow.points();
    var end = points.get(points.size() - 1);
    var before = points.get(points.size() - 2);
    var dx = Math.signum(end.x() - before.x());
    var dy = Math.signum(end.y() - before.y());
    start("path");
    // The line ends within its head, so that the tip stays sharp.
    var line = new java.util.ArrayList<>(points.subList(0, points.size() - 1));
    line.add(new Point(end.x() - dx * HEAD, end.y() - dy * HEAD));
    xml.writeAttribute(
        "d", line.stream().map(Svg::coordinates).collect(Collectors.joining(" L", "M", "")));
    xml.writeAttribute("fill", "none");
    xml.writeAttribute("stroke", INK);
    attribute("stroke-width", 1.2);
    if (arrow.dashed()) {
      xml.writeAttribute("stroke-dasharray", "3.5 2");
    }
    xml.writeEndElement();
    start("path");
    xml.writeAttribute(
        "d",
        "M%s L%s L%s Z"
            .formatted(
                coordinates(end),
                coordinates(
                    new Point(
                        end.x() - dx * HEAD - dy * HEAD / 2, end.y() - dy * HEAD - dx * HEAD / 2)),
                coordinates(
                    new Point(
                        end.x() - dx * HEAD + dy * HEAD / 2,
                        end.y() - dy * HEAD + dx * HEAD / 2))));
    xml.writeEndElement();
  }

  private void rule(Rule rule) throws XMLStreamException {
    start("path");
    xml.writeAttribute("d", "M%s L%s".formatted(coordinates(rule.from()), coordinates(rule.to())));
    xml.writeAttribute("stroke", "#9aa5b1");
    attribute("stroke-width", 0.5);
    xml.writeEndElement();
  }

  private void badge(Badge badge) throws XMLStreamException {
    start("circle");
    attribute("cx", badge.x());
    attribute("cy", badge.y());
    attribute("r", Badge.RADIUS);
    xml.writeAttribute("fill", INK);
    xml.writeEndElement();
    start("text");
    place(badge.x(), badge.y() + 2.5);
    attribute("font-size", 7);
    xml.writeAttribute("font-weight", "bold");
    xml.writeAttribute("text-anchor", "middle");
    xml.writeAttribute("fill", "#ffffff");
    xml.writeCharacters(badge.letter());
    xml.writeEndElement();
  }

  private void element(String name, String id, String content) throws XMLStreamException {
    start(name);
    xml.writeAttribute("id", id);
    xml.writeCharacters(content);
    xml.writeEndElement();
  }

  /** One element a line, so that differences can be read. */
  private void start(String name) throws XMLStreamException {
    xml.writeCharacters("\n  ");
    xml.writeStartElement(name);
  }

  private void place(double x, double y) throws XMLStreamException {
    attribute("x", x);
    attribute("y", y);
  }

  private void attribute(String name, double value) throws XMLStreamException {
    xml.writeAttribute(name, number(value));
  }

  private static String coordinates(Point point) {
    return number(point.x()) + " " + number(point.y());
  }

  private static String number(double value) {
    var rounded = BigDecimal.valueOf(value).setScale(2, RoundingMode.HALF_UP).stripTrailingZeros();
    return rounded.signum() == 0 ? "0" : rounded.toPlainString();
  }
}
