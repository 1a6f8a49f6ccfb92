package dev.nordfaas.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The steps of docs/runbook.md that are marked as tested: indented blocks, each below a comment
 * {@code <!-- lab3: its-name -->}, which who reads the page does not see.
 *
 * @param scripts the commands of each step, by its name, in the order of the page
 */
record RunbookSteps(Map<String, String> scripts) {
  /** What stands for something of the reader's own. */
  private static final Pattern PLACEHOLDER =
      Pattern.compile("\\b(STACK|DATACENTER|NODE|ADDRESS|NAMESPACE|CLAIM|POD|URN|bergen-\\d)\\b");

  private static final Pattern MARK = Pattern.compile("( *)<!-- lab3: ([a-z0-9-]+) -->");
  private static final String INDENT = "    ";

  /** Those of the page. */
  static RunbookSteps read() {
    return of(page());
  }

  static String page() {
    try {
      return Files.readString(Path.of("docs/runbook.md"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Those of a page.
   *
   * @throws IllegalArgumentException if there is no block below a mark, or a name is there twice
   */
  static RunbookSteps of(String page) {
    var steps = new LinkedHashMap<String, String>();
    var lines = page.lines().toList();
    for (var number = 1; number <= lines.size(); number++) {
      var mark = MARK.matcher(lines.get(number - 1));
      if (!mark.matches()) {
        continue;
      }
      var name = mark.group(2);
      var script = block(lines.subList(number, lines.size()), mark.group(1) + INDENT);
      if (script.isEmpty()) {
        throw new IllegalArgumentException(
            "line %d: there is no indented block below the mark %s".formatted(number, name));
      }
      if (steps.put(name, script) != null) {
        throw new IllegalArgumentException(
            "line %d: there is another step %s".formatted(number, name));
      }
    }
    return new RunbookSteps(steps);
  }

  private static String block(List<String> lines, String indent) {
    return lines.stream()
        .dropWhile(String::isBlank)
        .takeWhile(line -> line.isBlank() || line.startsWith(indent))
        .map(line -> line.isBlank() ? "" : line.substring(indent.length()))
        .collect(Collectors.joining("\n"))
        .strip();
  }

  /**
   * The commands of a step, with the values of its placeholders.
   *
   * @throws IllegalArgumentException if there is no such step, or no value for one of them
   */
  String script(String name, Map<String, String> values) {
    var script =
        Optional.ofNullable(scripts.get(name))
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "docs/runbook.md has no step %s; it has %s"
                            .formatted(name, scripts.keySet())));
    return PLACEHOLDER
        .matcher(script)
        .replaceAll(
            match ->
                Optional.ofNullable(values.get(match.group()))
                    .map(Matcher::quoteReplacement)
                    .orElseThrow(
                        () ->
                            new IllegalArgumentException(
                                "no value for %s of step %s".formatted(match.group(), name))));
  }
}
