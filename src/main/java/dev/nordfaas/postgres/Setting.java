package dev.nordfaas.postgres;

import java.util.Optional;

/**
 * One setting of {@code postgresql.conf} or {@code pgbouncer.ini}.
 *
 * @param value as the program sees it, without quotes
 * @param isQuoted whether it is in single quotes in the file
 * @param comment the reason for the value, written above it in the file
 * @param needsRestart whether a running program ignores a new value
 */
record Setting(
    String name, String value, boolean isQuoted, Optional<String> comment, boolean needsRestart) {

  /** A word, a number or a list, written without quotes. */
  static Setting plain(String name, Object value) {
    return new Setting(name, value.toString(), false, Optional.empty(), false);
  }

  /** A string, written in single quotes, as PostgreSQL requires. */
  static Setting text(String name, String value) {
    return new Setting(name, value, true, Optional.empty(), false);
  }

  /** The same with a comment. */
  Setting because(String comment) {
    return new Setting(name, value, isQuoted, Optional.of(comment), needsRestart);
  }

  /** The same, but a new value needs a restart. */
  Setting withRestart() {
    return new Setting(name, value, isQuoted, comment, true);
  }

  /** Its line in the file; quotes within quotes are doubled. */
  String line() {
    var written = isQuoted ? "'" + value.replace("'", "''") + "'" : value;
    return (name + " = " + written).stripTrailing();
  }
}
