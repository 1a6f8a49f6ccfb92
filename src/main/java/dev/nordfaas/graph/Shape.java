package dev.nordfaas.graph;

import java.util.List;

/** What the picture is made of. */
sealed interface Shape {
  /** How a frame looks; apart from their lines, all look the same in black and white. */
  enum Look {
    /** A part of the platform. */
    PART("#ffffff", "#1f2933", 1.1, "", 3),
    /** Functions: what the platform is for. */
    FUNCTIONS("#eef3f8", "#1f2933", 1.6, "", 3),
    /** What is outside. */
    OUTSIDE("#ffffff", "#1f2933", 1.1, "2 2", 10),
    /** A VPS. */
    NODE("#f5f5f2", "#1f2933", 1.1, "", 0),
    /** What several nodes share. */
    SHARED("#ffffff", "#52606d", 0.8, "4 2", 0),
    /** The cluster, around its parts. */
    CLUSTER("#fafaf8", "#52606d", 0.8, "6 3", 6),
    /** A cell of the table. */
    CELL("#dfe7ef", "#9aa5b1", 0.5, "", 0);

    final String fill;
    final String stroke;
    final double width;
    final String dashes;
    final int radius;

    Look(String fill, String stroke, double width, String dashes, int radius) {
      this.fill = fill;
      this.stroke = stroke;
      this.width = width;
      this.dashes = dashes;
      this.radius = radius;
    }
  }

  /** Where the given place is in a text. */
  enum Anchor {
    START,
    MIDDLE,
    END
  }

  /** A place on the page. */
  record Point(double x, double y) {}

  /**
   * A frame.
   *
   * @param id what it is, unique among frames
   */
  record Frame(String id, Area area, Look look) implements Shape {}

  /**
   * Text on one line.
   *
   * @param x where its anchor is
   * @param y its base line
   * @param upright whether it reads from bottom to top
   */
  record Label(String text, double x, double y, Anchor anchor, Font font, boolean upright)
      implements Shape {
    private static final double ASCENT = 0.76;
    private static final double HEIGHT = 0.98;

    /** What it covers at most. */
    Area area() {
      var width = font.width(text);
      var before =
          switch (anchor) {
            case START -> 0;
            case MIDDLE -> width / 2;
            case END -> width;
          };
      return upright
          ? new Area(x - font.size() * ASCENT, y - width + before, font.size() * HEIGHT, width)
          : new Area(x - before, y - font.size() * ASCENT, width, font.size() * HEIGHT);
    }
  }

  /**
   * An arrow along horizontal and vertical lines.
   *
   * @param id what it shows, unique among arrows
   * @param dashed whether whoever is at its end fetches what comes along it
   */
  record Arrow(String id, List<Point> points, boolean dashed) implements Shape {
    public Arrow {
      points = List.copyOf(points);
    }
  }

  /** A thin line. */
  record Rule(Point from, Point to) implements Shape {}

  /** The letter of a destination outside, in a circle. */
  record Badge(String letter, double x, double y) implements Shape {
    static final double RADIUS = 5.2;

    Area area() {
      return new Area(x - RADIUS, y - RADIUS, 2 * RADIUS, 2 * RADIUS);
    }
  }
}
