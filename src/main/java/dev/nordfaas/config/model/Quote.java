package dev.nordfaas.config.model;

/** How messages quote what the user wrote. */
public final class Quote {
  private static final int LONGEST = 80;

  private Quote() {}

  /** The text in double quotes, on one line, shortened. */
  public static String of(String text) {
    var shown = text.length() > LONGEST ? text.substring(0, LONGEST) + "..." : text;
    return '"'
        + shown
            .replace("\\", "\\\\")
            .replace("\"", "\\\"")
            .replace("\n", "\\n")
            .replaceAll("\\p{Cntrl}", "?")
        + '"';
  }
}
