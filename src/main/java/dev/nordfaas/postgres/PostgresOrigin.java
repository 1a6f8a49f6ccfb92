package dev.nordfaas.postgres;

import dev.nordfaas.config.model.KeyPath;
import java.util.Optional;
import java.util.regex.Pattern;

/** The major version that the database was made with: the files of one are not those of another. */
public final class PostgresOrigin {
  private static final Pattern MAJOR = Pattern.compile("[^@]*:(\\d+)[^/]*");

  private PostgresOrigin() {}

  /**
   * The major version that the image's tag begins with, such as {@code 18}; empty if the tag says
   * nothing, as {@code latest} or a digest alone.
   */
  public static String major(String image) {
    var matcher = MAJOR.matcher(image);
    return matcher.matches() ? matcher.group(1) : "";
  }

  /**
   * Why the image cannot serve the database that is there, if it cannot.
   *
   * @param origin the major version that the database was made with; empty if that is not known
   */
  public static Optional<String> refusal(String image, String origin) {
    var wanted = major(image);
    if (wanted.isEmpty() || origin.isEmpty() || wanted.equals(origin)) {
      return Optional.empty();
    }
    return Optional.of(
        "%s: PostgreSQL %s does not start on the files of PostgreSQL %s, which the database was made with; set the major version back, or move the data as docs/postgres.md says"
            .formatted(KeyPath.of("postgres", "image"), wanted, origin));
  }
}
