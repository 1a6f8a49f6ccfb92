package dev.nordfaas.k3s;

import java.util.Comparator;
import java.util.regex.Pattern;

/**
 * A release of K3s, such as {@code v1.34.4+k3s1}: the Kubernetes release and K3s' own build of it.
 */
public record K3sRelease(int minor, int patch, int build) implements Comparable<K3sRelease> {
  private static final Pattern SYNTAX =
      Pattern.compile("v1\\.([0-9]{1,3})\\.([0-9]{1,3})\\+k3s([0-9]{1,3})");

  /**
   * Reads a release.
   *
   * @throws IllegalArgumentException if the text is not a release
   */
  public static K3sRelease parse(String text) {
    var matcher = SYNTAX.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("is not a K3s release");
    }
    return new K3sRelease(
        Integer.parseInt(matcher.group(1)),
        Integer.parseInt(matcher.group(2)),
        Integer.parseInt(matcher.group(3)));
  }

  @Override
  public int compareTo(K3sRelease other) {
    return Comparator.comparingInt(K3sRelease::minor)
        .thenComparingInt(K3sRelease::patch)
        .thenComparingInt(K3sRelease::build)
        .compare(this, other);
  }

  @Override
  public String toString() {
    return "v1.%d.%d+k3s%d".formatted(minor, patch, build);
  }
}
