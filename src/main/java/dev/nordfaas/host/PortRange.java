package dev.nordfaas.host;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A range of TCP and UDP ports.
 *
 * @param first lowest port, 1 to 65535
 * @param last highest port, inclusive, at least {@code first}
 */
public record PortRange(int first, int last) {
  private static final int MAX = 65535;
  private static final Pattern SYNTAX = Pattern.compile("([0-9]{1,5})(?:\\s*-\\s*([0-9]{1,5}))?");

  /**
   * Checks the bounds.
   *
   * @throws IllegalArgumentException if a port is outside 1 to 65535, or the last below the first
   */
  public PortRange {
    if (!isRange(first, last)) {
      throw new IllegalArgumentException("%d-%d is not a range of ports".formatted(first, last));
    }
  }

  /** The range of one port. */
  public static PortRange of(int port) {
    return new PortRange(port, port);
  }

  /**
   * Reads a list as the kernel writes it: {@code 6443,30000-32767}. Anything that is not a range is
   * skipped.
   */
  public static List<PortRange> parse(String text) {
    var ranges = new ArrayList<PortRange>();
    for (var part : text.split(",", -1)) {
      var matcher = SYNTAX.matcher(part.strip());
      if (matcher.matches()) {
        var first = Integer.parseInt(matcher.group(1));
        var last = matcher.group(2) == null ? first : Integer.parseInt(matcher.group(2));
        if (isRange(first, last)) {
          ranges.add(new PortRange(first, last));
        }
      }
    }
    return ranges;
  }

  /**
   * The ports exactly as the kernel prints them, as in {@code 4222,6443-6444}: sorted, adjacent
   * ranges merged, so that the value read back equals the value written.
   */
  public static String format(Collection<PortRange> ranges) {
    return merge(ranges).stream().map(PortRange::toString).collect(Collectors.joining(","));
  }

  /** Whether the two ranges share a port. */
  public boolean overlaps(PortRange other) {
    return first <= other.last && other.first <= last;
  }

  /** Whether each of the ports is in one of the ranges. */
  public boolean isCoveredBy(Collection<PortRange> ranges) {
    return merge(ranges).stream().anyMatch(range -> range.first <= first && last <= range.last);
  }

  private static List<PortRange> merge(Collection<PortRange> ranges) {
    var merged = new ArrayList<PortRange>();
    for (var range : ranges.stream().sorted(Comparator.comparingInt(PortRange::first)).toList()) {
      var previous = merged.isEmpty() ? null : merged.get(merged.size() - 1);
      if (previous != null && range.first() <= previous.last() + 1) {
        merged.set(
            merged.size() - 1,
            new PortRange(previous.first(), Math.max(previous.last(), range.last())));
      } else {
        merged.add(range);
      }
    }
    return merged;
  }

  private static boolean isRange(int first, int last) {
    return 1 <= first && first <= last && last <= MAX;
  }

  /** The range as the kernel prints it. */
  @Override
  public String toString() {
    return first == last ? Integer.toString(first) : first + "-" + last;
  }
}
