package dev.nordfaas.lab.fault;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What clients do while something breaks. */
public enum Traffic {
  /** A POST that is answered with 202 and becomes a row later. */
  ORDER,
  /** A GET that a function answers from the database. */
  CALL,
  /** A row that is written and read back by a session with the database, through PgBouncer. */
  SESSION;

  /** As it is written to a file. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The one of that word. */
  public static Optional<Traffic> of(String word) {
    return Arrays.stream(values()).filter(it -> it.word().equals(word)).findFirst();
  }
}
