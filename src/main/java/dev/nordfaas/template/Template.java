package dev.nordfaas.template;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text file of {@code cloud-init/} with placeholders such as <code>${hostname}</code>.
 *
 * <p>A placeholder within a line takes a single-line value. One that is alone on its line takes any
 * number of lines and gives each its own indentation; an empty value removes the line.
 */
public final class Template {
  private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([a-z][A-Za-z0-9]*)}");
  private static final Pattern BLOCK = Pattern.compile("( *)\\$\\{([a-z][A-Za-z0-9]*)}");

  private final String path;
  private final String text;

  private Template(String path, String text) {
    this.path = path;
    this.text = text;
  }

  /**
   * Loads the file at {@code path} below {@code cloud-init/}.
   *
   * @throws IllegalStateException if the program was packaged without it
   */
  public static Template load(String path) {
    var resource = "/cloud-init/" + path;
    try (var stream = Template.class.getResourceAsStream(resource)) {
      if (stream == null) {
        throw new IllegalStateException(resource + " is not on the class path");
      }
      return new Template(path, new String(stream.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The text of a file that has no placeholder. */
  public static String text(String path) {
    return load(path).render(Map.of());
  }

  /**
   * The text with every placeholder replaced.
   *
   * @throws IllegalArgumentException if a placeholder has no value, a value no placeholder, or a
   *     placeholder within a line has a value of several lines
   */
  public String render(Map<String, String> values) {
    var unused = new HashSet<>(values.keySet());
    var lines = new ArrayList<String>();
    for (var line : text.lines().toList()) {
      var block = BLOCK.matcher(line);
      if (block.matches()) {
        var indent = block.group(1);
        value(block.group(2), values, unused)
            .lines()
            .forEach(part -> lines.add(part.isEmpty() ? part : indent + part));
      } else {
        lines.add(
            PLACEHOLDER
                .matcher(line)
                .replaceAll(
                    match -> Matcher.quoteReplacement(singleLine(match.group(1), values, unused))));
      }
    }
    if (!unused.isEmpty()) {
      throw new IllegalArgumentException("%s has no placeholder %s".formatted(path, unused));
    }
    return join(lines);
  }

  private String singleLine(String name, Map<String, String> values, Set<String> unused) {
    var value = value(name, values, unused);
    if (value.indexOf('\n') >= 0) {
      throw new IllegalArgumentException("%s: ${%s} takes a single line".formatted(path, name));
    }
    return value;
  }

  private String value(String name, Map<String, String> values, Set<String> unused) {
    var value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("%s: ${%s} has no value".formatted(path, name));
    }
    unused.remove(name);
    return value;
  }

  private static String join(List<String> lines) {
    return String.join("\n", lines) + "\n";
  }
}
