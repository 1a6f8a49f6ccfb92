package dev.nordfaas.postgres;

import java.util.Optional;

/**
 * One setting of {@code postgresql.conf} or {@code pgbouncer.ini}.
 *
 * @param value as the program is to see it, without quotes
 * @param isQuoted whether the file has it in single quotes
 * @param comment why it is what it is, above it in the file
 * @param needsRestart whether a running program does not take a new value
 */
record Setting(
    String name, String value, boolean isQuoted, Optional<String> comment, boolean needsRestart) {

  /** A word, a number or a list, which stands in the file as it is. */
  static Setting plain(String name, Object value) {
    return new Setting(name, value.toString(), false, Optional.empty(), false);
  }

  /** A text, which stands in the file in single quotes, as PostgreSQL wants it. */
  static Setting text(String name, String value) {
    return new Setting(name, value, true, Optional.empty(), false);
  }

  /** The same with a comment. */
  Setting because(String comment) {
    return new Setting(name, value, isQuoted, Optional.of(comment), needsRestart);
  }

  /** The same, where a running program does not take a new value. */
  Setting withRestart() {
    return new Setting(name, value, isQuoted, comment, true);
  }

  /** Its line in the file; a quote within quotes is written twice. */
  String line() {
    var written = isQuoted ? "'" + value.replace("'", "''") + "'" : value;
    return (name + " = " + written).stripTrailing();
  }
}
