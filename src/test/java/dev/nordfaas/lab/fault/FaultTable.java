package dev.nordfaas.lab.fault;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Measurements as the tables of {@code docs/reliability.md}: of several rounds the worst. */
public final class FaultTable {
  private static final String BEGIN = "<!-- faults: begin; lab/test/fault-table writes this -->\n";
  private static final String END = "<!-- faults: end -->\n";

  private FaultTable() {}

  /** The document with these tables in place of those between its two marks. */
  public static String into(String document, Results results) {
    var begin = document.indexOf(BEGIN);
    var end = document.indexOf(END);
    if (begin < 0 || end < begin) {
      throw new IllegalArgumentException(
          "the document has no lines '%s' and '%s'".formatted(BEGIN.strip(), END.strip()));
    }
    return document.substring(0, begin + BEGIN.length())
        + "\n"
        + markdown(results)
        + "\n"
        + document.substring(end);
  }

  static String markdown(Results results) {
    var text = new StringBuilder(about(results));
    for (var kind : Kind.values()) {
      var rows =
          results.measurements().stream()
              .filter(it -> it.kind() == kind)
              .collect(Collectors.groupingBy(Measurement::fault));
      if (!rows.isEmpty()) {
        text.append(section(kind, List.copyOf(rows.values())));
      }
    }
    return text.toString();
  }

  private static String about(Results results) {
    var text = new StringBuilder("| | |\n|---|---|\n");
    results.about().forEach((key, value) -> text.append("| %s | %s |\n".formatted(key, value)));
    return text.toString();
  }

  private static String section(Kind kind, List<List<Measurement>> faults) {
    var text =
        new StringBuilder(
            """

            ### %s

            | fault | limits | no order for | no call for | no session for | longest wait | requests | on retry | failed twice | processed after | whole after | passed |
            |---|---|---|---|---|---|---|---|---|---|---|---|
            """
                .formatted(kind.title()));
    faults.stream()
        .sorted(Comparator.comparing(rounds -> rounds.get(0).fault()))
        .forEach(rounds -> text.append(row(rounds)));
    return text.toString();
  }

  private static String row(List<Measurement> rounds) {
    var first = rounds.get(0);
    var cells = new ArrayList<String>();
    cells.add(first.fault());
    cells.add(limits(rounds));
    for (var traffic : Traffic.values()) {
      cells.add(worst(rounds, it -> it.gaps().get(traffic)));
    }
    cells.add(worst(rounds, Measurement::longestWait));
    cells.add(sum(rounds, Measurement::requests));
    cells.add(sum(rounds, Measurement::retried));
    cells.add(sum(rounds, Measurement::failed));
    cells.add(worst(rounds, Measurement::processed) + deadLetters(rounds));
    cells.add(worst(rounds, Measurement::whole));
    cells.add(
        "%d of %d".formatted(rounds.stream().filter(Measurement::passed).count(), rounds.size()));
    return "| " + String.join(" | ", cells) + " |\n";
  }

  /**
   * One number where it is the same for all; where a round had others, because its place was
   * another, both.
   */
  private static String limits(List<Measurement> rounds) {
    return rounds.stream()
        .map(FaultTable::limits)
        .distinct()
        .sorted()
        .collect(Collectors.joining(" or "));
  }

  private static String limits(Measurement measurement) {
    var each = Arrays.stream(Traffic.values()).map(measurement.limits()::get).toList();
    return each.stream().distinct().count() == 1
        ? each.get(0) + " s"
        : String.join(", ", each) + " s";
  }

  private static String worst(List<Measurement> rounds, Function<Measurement, Duration> value) {
    return Measurement.seconds(
            rounds.stream().map(value).max(Comparator.naturalOrder()).orElseThrow())
        + " s";
  }

  private static String sum(List<Measurement> rounds, Function<Measurement, Long> value) {
    return Long.toString(rounds.stream().mapToLong(value::apply).sum());
  }

  private static String deadLetters(List<Measurement> rounds) {
    var letters = rounds.stream().mapToLong(Measurement::deadLetters).sum();
    return letters == 0 ? "" : " (%d dead letters)".formatted(letters);
  }
}
