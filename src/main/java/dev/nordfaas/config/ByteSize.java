package dev.nordfaas.config;

import java.math.BigInteger;
import java.util.regex.Pattern;

/**
 * An amount of memory or storage in bytes, written with its unit: {@code 512Ki}, {@code 8Gi},
 * {@code 400G}. Binary suffixes (Ki, Mi, Gi, Ti) and decimal ones (k, M, G, T) mean what they mean
 * in Kubernetes.
 *
 * @param bytes the amount in bytes, not negative
 * @param text as written, so that manifests show what the config says
 */
public record ByteSize(long bytes, String text) implements Comparable<ByteSize> {
  /** What {@link #parse} accepts, as a regular expression. */
  public static final String PATTERN = "[0-9]{1,15}(Ki|Mi|Gi|Ti|k|M|G|T)";

  private static final Pattern SYNTAX = Pattern.compile("([0-9]{1,15})(Ki|Mi|Gi|Ti|k|M|G|T)");

  /**
   * Reads a size with its unit.
   *
   * @throws IllegalArgumentException if the unit is missing or unknown, or the size is 256 Ti or
   *     more
   */
  public static ByteSize parse(String text) {
    var matcher = SYNTAX.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("is not a size with a unit");
    }
    var factor =
        switch (matcher.group(2)) {
          case "Ki" -> 1L << 10;
          case "Mi" -> 1L << 20;
          case "Gi" -> 1L << 30;
          case "Ti" -> 1L << 40;
          case "k" -> 1_000L;
          case "M" -> 1_000_000L;
          case "G" -> 1_000_000_000L;
          default -> 1_000_000_000_000L;
        };
    var bytes = new BigInteger(matcher.group(1)).multiply(BigInteger.valueOf(factor));
    if (bytes.bitLength() > 48) {
      throw new IllegalArgumentException("is too large");
    }
    return new ByteSize(bytes.longValueExact(), text);
  }

  /** The amount in whole mebibytes, rounded down. */
  public long mebibytes() {
    return bytes >> 20;
  }

  @Override
  public int compareTo(ByteSize other) {
    return Long.compare(bytes, other.bytes);
  }

  @Override
  public String toString() {
    return text;
  }
}
