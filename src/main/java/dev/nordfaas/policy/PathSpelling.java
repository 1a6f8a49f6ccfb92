package dev.nordfaas.policy;

import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.model.KeyPath;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A path of the config is one that clients can ask for, and that everybody reads alike. */
final class PathSpelling {
  private PathSpelling() {}

  /**
   * Refuses empty segments, {@code .} and {@code ..}; a slash at the end is the caller's matter.
   */
  static void check(String path, KeyPath at, Problems problems) {
    var segments = segments(path);
    if (segments.contains(".") || segments.contains("..")) {
      problems.add(
          at,
          "%s has a segment . or .., and the edge refuses such paths".formatted(path),
          "write %s, or what you mean".formatted(without(segments)));
    } else if (segments.contains("")) {
      problems.add(
          at,
          "%s has an empty segment, which not all programs keep".formatted(path),
          "write %s".formatted(without(segments)));
    }
  }

  private static List<String> segments(String path) {
    var parts = new ArrayList<>(Arrays.asList(path.substring(1).split("/", -1)));
    if (parts.get(parts.size() - 1).isEmpty()) {
      parts.remove(parts.size() - 1);
    }
    return parts;
  }

  private static String without(List<String> segments) {
    var kept = segments.stream().filter(segment -> !List.of("", ".", "..").contains(segment));
    return "/" + String.join("/", kept.toList());
  }
}
