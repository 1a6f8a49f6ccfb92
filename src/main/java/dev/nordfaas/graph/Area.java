package dev.nordfaas.graph;

/**
 * A rectangle, in points of a printed page.
 *
 * @param x its left edge
 * @param y its upper edge
 */
record Area(double x, double y, double width, double height) {
  double right() {
    return x + width;
  }

  double bottom() {
    return y + height;
  }

  double centerX() {
    return x + width / 2;
  }

  double centerY() {
    return y + height / 2;
  }

  /** Whether the two have more than an edge in common. */
  boolean overlaps(Area other) {
    return x < other.right() && other.x < right() && y < other.bottom() && other.y < bottom();
  }

  boolean contains(Area other) {
    return x <= other.x && y <= other.y && right() >= other.right() && bottom() >= other.bottom();
  }

  /** Smaller by the same on all sides. */
  Area inset(double by) {
    return new Area(x + by, y + by, width - 2 * by, height - 2 * by);
  }
}
