package dev.nordfaas.lab.fault;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
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

  /** Whether a fault has passed in a round. */
  public boolean passed(String fault, int round) {
    return measurements.stream()
        .anyMatch(it -> it.fault().equals(fault) && it.round() == round && it.passed());
  }
}
