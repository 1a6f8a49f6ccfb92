package dev.nordfaas.host;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A range of TCP and UDP ports.
 *
 * @param first lowest port, 1 to 65535
 * @param last highest port, inclusive, at least {@code first}
 */
public record PortRange(int first, int last) {
  public PortRange {
    if (first < 1 || last > 65535 || first > last) {
      throw new IllegalArgumentException("%d-%d is no range of ports".formatted(first, last));
    }
  }

  /** The range of one port. */
  public static PortRange of(int port) {
    return new PortRange(port, port);
  }

  /**
   * The ports in the one way in which the kernel prints them, as in {@code 4222,6443-6444}: sorted,
   * ranges that touch merged, so that the value read back equals the value written.
   */
  public static String format(Collection<PortRange> ranges) {
    return merge(ranges).stream().map(PortRange::text).collect(Collectors.joining(","));
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

  private String text() {
    return first == last ? Integer.toString(first) : first + "-" + last;
  }
}
