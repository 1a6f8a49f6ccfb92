package dev.nordfaas.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * TCP ports next to each other.
 *
 * @param first the lowest
 * @param last the highest
 */
record PortRange(int first, int last) {
  private static final Pattern SYNTAX = Pattern.compile("([0-9]{1,5})(?:\\s*-\\s*([0-9]{1,5}))?");

  /**
   * Reads a list as the kernel writes it: {@code 6443,30000-32767}. What is no range is left out.
   */
  static List<PortRange> list(String text) {
    var ranges = new ArrayList<PortRange>();
    for (var part : text.split(",", -1)) {
      var matcher = SYNTAX.matcher(part.strip());
      if (matcher.matches()) {
        var first = Integer.parseInt(matcher.group(1));
        var last = matcher.group(2);
        ranges.add(new PortRange(first, last == null ? first : Integer.parseInt(last)));
      }
    }
    return ranges;
  }

  boolean overlaps(PortRange other) {
    return first <= other.last && other.first <= last;
  }

  /** Whether each of the ports is in one of the ranges. */
  boolean isCoveredBy(List<PortRange> ranges) {
    for (var port = first; port <= last; port++) {
      var single = new PortRange(port, port);
      if (ranges.stream().noneMatch(single::overlaps)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return first == last ? String.valueOf(first) : first + "-" + last;
  }
}
