package dev.nordfaas.lab.fault;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A file of measurements: lines {@code # key: value} about the run, and one line per fault.
 *
 * @param about the run: date, commit, machine, seed and the like
 * @param measurements in the order in which they were made
 */
public record Results(SortedMap<String, String> about, List<Measurement> measurements) {
  public Results {
    about = new TreeMap<>(about);
    measurements = List.copyOf(measurements);
  }

  /** Begins a file, in place of one that is there. */
  public static void begin(Path file, SortedMap<String, String> about) throws IOException {
    var text = new StringBuilder();
    about.forEach((key, value) -> text.append("# %s: %s\n".formatted(key, value)));
    text.append(String.join("\t", Measurement.COLUMNS)).append("\n");
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.writeString(file, text);
  }

  /** Adds a measurement to a file. */
  public static void add(Path file, Measurement measurement) throws IOException {
    Files.writeString(file, measurement.line() + "\n", StandardOpenOption.APPEND);
  }

  /** What a file says. */
  public static Results read(Path file) throws IOException {
    var about = new TreeMap<String, String>();
    var measurements = new ArrayList<Measurement>();
    for (var line : Files.readAllLines(file)) {
      if (line.startsWith("# ")) {
        var colon = line.indexOf(": ");
        about.put(line.substring(2, colon), line.substring(colon + 2));
      } else if (!line.isBlank() && !line.startsWith("fault\t")) {
        measurements.add(Measurement.parse(line));
      }
    }
    return new Results(about, measurements);
  }

  /** Those of all files of a folder whose names end with {@code .tsv}. */
  public static Results readAll(Path folder) throws IOException {
    var runs = new ArrayList<Results>();
    try (var files = Files.newDirectoryStream(folder, "*.tsv")) {
      for (var file : files) {
        runs.add(read(file));
      }
    }
    return of(runs);
  }

  /** Of several runs, by their dates: where they are of different commits, say, it names each. */
  private static Results of(List<Results> runs) {
    var sorted =
        runs.stream()
            .sorted(
                Comparator.<Results, String>comparing(run -> run.about().getOrDefault("date", ""))
                    .thenComparing(run -> run.about().getOrDefault("seed", "")))
            .toList();
    var values = new TreeMap<String, Set<String>>();
    var rounds = 0;
    for (var run : sorted) {
      run.about()
          .forEach(
              (key, value) -> values.computeIfAbsent(key, k -> new LinkedHashSet<>()).add(value));
      rounds += Integer.parseInt(run.about().getOrDefault("rounds", "1"));
    }
    var about = new TreeMap<String, String>();
    values.forEach((key, different) -> about.put(key, String.join("; ", different)));
    about.put("rounds", Integer.toString(rounds));
    return new Results(about, sorted.stream().flatMap(run -> run.measurements().stream()).toList());
  }

  /** Whether a fault has passed in a round. */
  public boolean passed(String fault, int round) {
    return measurements.stream()
        .anyMatch(it -> it.fault().equals(fault) && it.round() == round && it.passed());
  }
}
