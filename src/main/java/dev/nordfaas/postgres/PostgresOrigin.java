package dev.nordfaas.postgres;

import dev.nordfaas.config.model.KeyPath;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The major version that the database was created with: data files are not compatible between major
 * versions.
 */
public final class PostgresOrigin {
  private static final Pattern MAJOR = Pattern.compile("[^@]*:(\\d+)[^/]*");

  private PostgresOrigin() {}

  /**
   * The major version that the image's tag begins with, such as {@code 18}; empty if the tag has
   * none, such as {@code latest} or only a digest.
   */
  public static String major(String image) {
    var matcher = MAJOR.matcher(image);
    return matcher.matches() ? matcher.group(1) : "";
  }

  /**
   * Why the image cannot run the existing database, if it cannot.
   *
   * @param origin the major version that the database was created with; empty if not known
   */
  public static Optional<String> refusal(String image, String origin) {
    var wanted = major(image);
    if (wanted.isEmpty() || origin.isEmpty() || wanted.equals(origin)) {
      return Optional.empty();
    }
    return Optional.of(
        "%s: PostgreSQL %s does not start on the files of PostgreSQL %s, which the database was created with; restore the old major version, or move the data as described in docs/postgres.md"
            .formatted(KeyPath.of("postgres", "image"), wanted, origin));
  }
}
