package dev.nordfaas.lab;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * What several ways did in each round, and how that compares with the first way in the same round.
 */
final class Ratios {
  private final Map<String, List<Double>> measured = new LinkedHashMap<>();
  private final String base;

  /**
   * Nothing yet.
   *
   * @param ways the first is what the others are compared with
   */
  Ratios(Collection<String> ways) {
    ways.forEach(way -> measured.put(way, new ArrayList<>()));
    base = ways.iterator().next();
  }

  /** One more round of a way. */
  void add(String way, double value) {
    measured.get(way).add(value);
  }

  /** A table in Markdown, and the spread of the first way. */
  String table(String way, String value) {
    var text =
        new StringBuilder(
            "| %s | %s, median | to %s, median | lowest | highest |%n|---|---|---|---|---|%n"
                .formatted(way, value, base));
    measured.forEach(
        (name, values) -> {
          var ratios = ratios(values);
          text.append(
              "| %s | %.0f | %.2f | %.2f | %.2f |%n"
                  .formatted(
                      name,
                      median(values.stream().mapToDouble(Double::doubleValue)),
                      median(DoubleStream.of(ratios)),
                      DoubleStream.of(ratios).min().orElseThrow(),
                      DoubleStream.of(ratios).max().orElseThrow()));
        });
    return text.append(
            "%nOf %s itself: %.0f to %.0f %s over the rounds.%n"
                .formatted(
                    base,
                    Collections.min(measured.get(base)),
                    Collections.max(measured.get(base)),
                    value))
        .toString();
  }

  private double[] ratios(List<Double> values) {
    return IntStream.range(0, values.size())
        .mapToDouble(round -> values.get(round) / measured.get(base).get(round))
        .toArray();
  }

  private static double median(DoubleStream values) {
    var sorted = values.sorted().toArray();
    var middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
