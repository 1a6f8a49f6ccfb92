package dev.nordfaas.testing;

import java.util.Arrays;
import java.util.List;

/**
 * What an exporter wrote for Prometheus.
 *
 * @param text in the text format
 */
public record Metrics(String text) {
  /** The values of all series of a metric that have all the labels, such as {@code a="b"}. */
  public List<Double> values(String name, String... labels) {
    return text.lines()
        .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
        .filter(line -> Arrays.stream(labels).allMatch(line::contains))
        .map(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .toList();
  }

  /** The sum of these values; fails where there is none. */
  public double sum(String name, String... labels) {
    var values = values(name, labels);
    if (values.isEmpty()) {
      throw new AssertionError("no %s with %s in\n%s".formatted(name, List.of(labels), text));
    }
    return values.stream().mapToDouble(Double::doubleValue).sum();
  }
}
