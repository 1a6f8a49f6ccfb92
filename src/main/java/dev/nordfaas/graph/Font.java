package dev.nordfaas.graph;

import java.util.ArrayList;
import java.util.List;

/** The fonts of the picture. None is smaller than 7 points, so that all can be read in print. */
enum Font {
  TITLE(14, true),
  HEADING(9.5, true),
  NAME(7.5, true),
  TEXT(7, false);

  /**
   * Advance widths of the characters from space to tilde in thousandths of the size, those of
   * DejaVu Sans: of the fonts that stand in for one another, it is the widest.
   */
  private static final int[] WIDTHS = {
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636,
    636, 636, 636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632,
    575, 775, 752, 295, 295, 656, 557, 863, 748, 787, 603, 787, 695, 635, 611, 732, 684, 989, 685,
    611, 685, 390, 337, 390, 838, 500, 500, 613, 635, 550, 635, 615, 352, 635, 634, 278, 278, 579,
    278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636, 337, 636, 838
  };

  /** The same of DejaVu Sans Bold. */
  private static final int[] BOLD_WIDTHS = {
    348, 456, 521, 838, 696, 1002, 872, 306, 457, 457, 523, 838, 380, 415, 380, 365, 696, 696, 696,
    696, 696, 696, 696, 696, 696, 696, 400, 400, 838, 838, 838, 580, 1000, 774, 762, 734, 830, 683,
    683, 821, 837, 372, 372, 775, 637, 995, 837, 850, 733, 850, 770, 720, 682, 812, 774, 1103, 771,
    724, 725, 457, 365, 457, 838, 500, 500, 675, 716, 593, 716, 678, 435, 716, 712, 343, 343, 665,
    343, 1042, 712, 687, 716, 716, 493, 595, 478, 712, 652, 924, 645, 652, 582, 712, 365, 712, 838
  };

  private static final int WIDEST = 1000;
  private static final String ELLIPSIS = "…";

  private final double size;
  private final boolean bold;

  Font(double size, boolean bold) {
    this.size = size;
    this.bold = bold;
  }

  double size() {
    return size;
  }

  boolean bold() {
    return bold;
  }

  /** From one line of text to the next. */
  double line() {
    return size * 1.3;
  }

  /** The most that the text takes. */
  double width(String text) {
    var widths = bold ? BOLD_WIDTHS : WIDTHS;
    return text.chars().map(it -> isKnown(it, widths) ? widths[it - ' '] : WIDEST).sum()
        * size
        / 1000;
  }

  private static boolean isKnown(int character, int[] widths) {
    return character >= ' ' && character - ' ' < widths.length;
  }

  /** The text, or as much of its beginning as there is room for. */
  String fit(String text, double width) {
    if (width(text) <= width) {
      return text;
    }
    var end = text.length();
    while (end > 0 && width(text.substring(0, end).stripTrailing() + ELLIPSIS) > width) {
      end--;
    }
    return text.substring(0, end).stripTrailing() + ELLIPSIS;
  }

  /** The items on as many lines as they need, with something between them, none broken. */
  List<String> wrap(List<String> items, String between, double width) {
    var lines = new ArrayList<String>();
    var line = "";
    for (var item : items) {
      var longer = line.isEmpty() ? item : line + between + item;
      if (!line.isEmpty() && width(longer + between.stripTrailing()) > width) {
        lines.add(line + between.stripTrailing());
        line = item;
      } else {
        line = longer;
      }
    }
    if (!line.isEmpty()) {
      lines.add(line);
    }
    return lines.stream().map(it -> fit(it, width)).toList();
  }

  /** The words of a text on as many lines as they need. */
  List<String> wrap(String text, double width) {
    return wrap(List.of(text.split(" ")), " ", width);
  }
}
