package dev.nordfaas.config;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Pattern;

/** The version in an image's tag. */
public record ImageVersion(int major, int minor, int patch) implements Comparable<ImageVersion> {
  private static final Comparator<ImageVersion> ORDER =
      Comparator.comparingInt(ImageVersion::major)
          .thenComparingInt(ImageVersion::minor)
          .thenComparingInt(ImageVersion::patch);
  private static final Pattern TAG =
      Pattern.compile(":v?([0-9]{1,6})\\.([0-9]{1,6})(?:\\.([0-9]{1,6}))?(?:[-_+][^/]*)?(?:@.*)?$");

  /** The version; empty if there is no tag, or the tag is not a version. */
  public static Optional<ImageVersion> of(String image) {
    var matcher = TAG.matcher(image);
    if (!matcher.find()) {
      return Optional.empty();
    }
    var patch = matcher.group(3);
    return Optional.of(
        new ImageVersion(
            Integer.parseInt(matcher.group(1)),
            Integer.parseInt(matcher.group(2)),
            patch == null ? 0 : Integer.parseInt(patch)));
  }

  /** Whether it is older than the given one. */
  public boolean isBelow(int major, int minor, int patch) {
    return compareTo(new ImageVersion(major, minor, patch)) < 0;
  }

  @Override
  public int compareTo(ImageVersion other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return major + "." + minor + "." + patch;
  }
}
