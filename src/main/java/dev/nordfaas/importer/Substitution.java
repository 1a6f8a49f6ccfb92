package dev.nordfaas.importer;

import dev.nordfaas.importer.Messages.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Replaces <code>${NAME}</code> and <code>${NAME:-default}</code> in the text of a file, before it
 * is read as YAML, as faas-cli does with drone/envsubst. Its other forms, which change texts, are
 * refused; and so is a variable that is not set, where it is used: faas-cli takes it as empty.
 */
final class Substitution {
  /** Around the name of a variable that is not set; private characters of Unicode. */
  private static final char OPEN = '\ue000';

  private static final char CLOSE = '\ue001';

  /** A variable that is not set, in the substituted text. */
  static final Pattern UNSET = Pattern.compile(OPEN + "([^" + CLOSE + "]*)" + CLOSE);

  private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{Nd}_]+");
  private static final int DEEPEST = 20;

  private final String source;
  private final Map<String, String> variables;
  private final Place file;
  private final Messages messages;
  private final StringBuilder text = new StringBuilder();
  private final List<Integer> lines = new ArrayList<>(List.of(1));
  private int position;
  private int line = 1;

  private Substitution(
      String source, Map<String, String> variables, Place file, Messages messages) {
    this.source = source;
    this.variables = variables;
    this.file = file;
    this.messages = messages;
  }

  /**
   * The text after substitution.
   *
   * @param lines the line of the file that each line of the text comes from
   */
  record Result(String text, List<Integer> lines) {
    /** The line of the file, both counted from 1. */
    int sourceLine(int textLine) {
      return lines.get(Math.min(textLine, lines.size()) - 1);
    }
  }

  static Result of(String source, Map<String, String> variables, Place file, Messages messages) {
    return new Substitution(source, variables, file, messages).run();
  }

  private Result run() {
    while (position < source.length()) {
      if (at("${")) {
        put(variable(0));
      } else if (at("$$") || at("\\/") || at("\\\\")) {
        put(source.substring(position + 1, position + 2));
        position += 2;
      } else {
        read();
      }
    }
    return new Result(text.toString(), List.copyOf(lines));
  }

  private void read() {
    var next = source.charAt(position++);
    text.append(next);
    if (next == '\n') {
      lines.add(++line);
    }
  }

  private void put(String value) {
    text.append(value);
    value.chars().filter(it -> it == '\n').forEach(it -> lines.add(line));
  }

  /** The value of the variable at the position, which moves behind it. */
  private String variable(int depth) {
    var begin = position;
    position += 2;
    var name = NAME.matcher(source).region(position, source.length());
    if (!name.lookingAt()) {
      return refused(begin, "is no variable that faas-cli could substitute", "write $${ for ${");
    }
    position = name.end();
    var value = variables.getOrDefault(name.group(), "");
    if (at("}")) {
      position++;
      return variables.containsKey(name.group()) ? value : OPEN + name.group() + CLOSE;
    }
    for (var operator : List.of(":-", ":=", "=")) {
      if (at(operator)) {
        position += operator.length();
        var byDefault = byDefault(begin, depth);
        return value.isEmpty() ? byDefault : value;
      }
    }
    return refused(
        begin,
        "is a form of substitution that is not supported",
        "use ${NAME} or ${NAME:-default}");
  }

  private String byDefault(int begin, int depth) {
    var byDefault = new StringBuilder();
    while (position < source.length() && !at("}")) {
      if (at("${")) {
        if (depth == DEEPEST) {
          return refused(begin, "is nested too deeply", "write the value");
        }
        byDefault.append(variable(depth + 1));
      } else {
        byDefault.append(source.charAt(position++));
      }
    }
    if (position == source.length()) {
      return refused(begin, "has no closing }", "add it");
    }
    position++;
    return byDefault.toString();
  }

  private String refused(int begin, String reason, String fix) {
    var end = source.indexOf('\n', begin);
    var rest = source.substring(begin, Math.min(end < 0 ? source.length() : end, begin + 40));
    messages.problem(
        new Place(file.file(), line, file.path()), "\"%s\" %s".formatted(rest, reason), fix);
    position = Math.max(position, begin + 2);
    return "";
  }

  private boolean at(String token) {
    return source.startsWith(token, position);
  }
}
