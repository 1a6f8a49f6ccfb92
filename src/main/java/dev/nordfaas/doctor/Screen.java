package dev.nordfaas.doctor;

import dev.nordfaas.doctor.Finding.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** All findings as text for a terminal, in ASCII. */
final class Screen {
  /** Columns per line; only longer words exceed it. */
  private static final int WIDTH = 120;

  private static final int CHECK = 16;
  private static final int LEVEL = 9;
  private static final String INDENT = " ".repeat(2 + CHECK + LEVEL);

  private Screen() {}

  static String render(String stack, List<Report> reports) {
    var text = new StringBuilder();
    for (var report : reports) {
      text.append(report.title()).append('\n');
      report.findings().forEach(finding -> put(text, finding));
      text.append('\n');
    }
    return text.append(summary(stack, reports)).append('\n').toString();
  }

  private static void put(StringBuilder text, Finding finding) {
    var head = "  " + padded(finding.check(), CHECK) + padded(level(finding.level()), LEVEL);
    putWrapped(text, head, INDENT, finding.text());
    if (!finding.fix().isEmpty()) {
      putWrapped(text, INDENT + "fix: ", INDENT + "     ", finding.fix());
    }
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(Math.max(1, width - text.length()));
  }

  private static String level(Level level) {
    return level == Level.PROBLEM ? level.name() : level.name().toLowerCase(Locale.ROOT);
  }

  private static void putWrapped(StringBuilder text, String first, String next, String content) {
    var line = new StringBuilder(first);
    var isEmpty = true;
    for (var word : content.split(" ", -1)) {
      if (!isEmpty && line.length() + 1 + word.length() > WIDTH) {
        text.append(line).append('\n');
        line = new StringBuilder(next);
        isEmpty = true;
      }
      line.append(isEmpty ? "" : " ").append(word);
      isEmpty = false;
    }
    text.append(line.toString().stripTrailing()).append('\n');
  }

  private static String summary(String stack, List<Report> reports) {
    var problems = count(reports, Level.PROBLEM);
    var warnings = count(reports, Level.WARNING);
    var parts = new ArrayList<String>();
    parts.add(problems == 0 ? "no problems" : counted(problems, "problem"));
    if (warnings > 0) {
      parts.add(counted(warnings, "warning"));
    }
    return "%s: %s; nothing was changed. %s"
        .formatted(
            stack,
            String.join(", ", parts),
            problems == 0 ? "Next: make up STACK=" + stack : "Fix them, then run this again.");
  }

  private static long count(List<Report> reports, Level level) {
    return reports.stream().mapToLong(report -> report.count(level)).sum();
  }

  private static String counted(long number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }
}
