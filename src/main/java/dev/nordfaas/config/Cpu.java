package dev.nordfaas.config;

import java.util.regex.Pattern;

/**
 * An amount of CPU as Kubernetes writes it: {@code 250m} is a quarter of a core, {@code "2"} two
 * cores.
 *
 * @param millicores thousandths of a core, at least 1
 * @param text as written
 */
public record Cpu(int millicores, String text) implements Comparable<Cpu> {
  /** What {@link #parse} accepts, as a regular expression. */
  public static final String PATTERN = "[1-9][0-9]{0,5}m|[1-9][0-9]{0,2}";

  private static final Pattern SYNTAX = Pattern.compile(PATTERN);

  /** Whether {@link #parse} accepts it. */
  public static boolean isValid(String text) {
    return SYNTAX.matcher(text).matches();
  }

  /**
   * Reads an amount of CPU.
   *
   * @throws IllegalArgumentException if it is neither whole cores nor millicores
   */
  public static Cpu parse(String text) {
    if (!isValid(text)) {
      throw new IllegalArgumentException("is not an amount of CPU");
    }
    return text.endsWith("m")
        ? new Cpu(Integer.parseInt(text.substring(0, text.length() - 1)), text)
        : new Cpu(Integer.parseInt(text) * 1000, text);
  }

  @Override
  public int compareTo(Cpu other) {
    return Integer.compare(millicores, other.millicores);
  }

  @Override
  public String toString() {
    return text;
  }
}
