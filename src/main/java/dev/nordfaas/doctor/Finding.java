package dev.nordfaas.doctor;

import java.util.Locale;
import java.util.Optional;

/**
 * What one check has found.
 *
 * @param check name of the check
 * @param text what was found, in a few words
 * @param fix what to do about it; empty if all is well
 */
record Finding(Level level, String check, String text, String fix) {
  /** How much it matters. */
  enum Level {
    OK,
    /** {@code up} goes on. */
    WARNING,
    /** {@code up} fails. */
    PROBLEM
  }

  static Finding ok(String check, String text) {
    return new Finding(Level.OK, check, text, "");
  }

  static Finding warning(String check, String text, String fix) {
    return new Finding(Level.WARNING, check, text, fix);
  }

  static Finding problem(String check, String text, String fix) {
    return new Finding(Level.PROBLEM, check, text, fix);
  }

  /** Reads a line of the checks on a host; empty for any other text. */
  static Optional<Finding> parse(String line) {
    var parts = line.split("\t", -1);
    if (parts.length != 4 || !parts[0].matches("ok|warning|problem")) {
      return Optional.empty();
    }
    return Optional.of(
        new Finding(
            Level.valueOf(parts[0].toUpperCase(Locale.ROOT)), parts[1], parts[2], parts[3]));
  }
}
