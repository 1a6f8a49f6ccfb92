package dev.nordfaas.postgres;

import dev.nordfaas.postgres.MigrationFolder.Flaw;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/** Says what to do with a file that is named as other tools name migrations. */
final class ForeignMigrationName {
  private static final Pattern REPEATABLE = Pattern.compile("R__.+\\.sql");
  private static final Pattern UNDO = Pattern.compile("U[0-9].*\\.sql|.+\\.(down|undo)\\.sql");

  /** Flyway's versions with parts: V1.2__x.sql, V1_2__x.sql. */
  private static final Pattern PARTS =
      Pattern.compile("[vV]?([0-9]{1,4}(?:[._][0-9]{1,2}){1,4})__(.+)\\.sql");

  /** 0001_x.sql, 20240131120000_x.up.sql, v1-x.SQL, V01__x.sql. */
  private static final Pattern NUMBERED =
      Pattern.compile("[vV]?0*([0-9]{1,18})[ ._-]+(.+?)([._-]up)?\\.sql", Pattern.CASE_INSENSITIVE);

  /** Characters of a name: it becomes a key of a ConfigMap, of at most 253. */
  static final int LONGEST = 150;

  private static final String NAMES = "V<version>__<name>.sql, such as V1__orders.sql";

  private ForeignMigrationName() {}

  static Flaw flaw(Path file) {
    var name = file.getFileName().toString();
    if (REPEATABLE.matcher(name).matches()) {
      return new Flaw(
          "%s would be applied at each change, but each file is applied once".formatted(file),
          "put each change into a file of its own, V<version>__<name>.sql");
    }
    if (UNDO.matcher(name).matches()) {
      return new Flaw(
          "%s undoes a migration, which is not supported".formatted(file),
          "move it elsewhere; to undo something, add a file with the next version");
    }
    return parts(file, name).or(() -> numbered(file, name)).orElseGet(() -> misnamed(file, NAMES));
  }

  /** Two digits for each part but the first keep the order. */
  private static Optional<Flaw> parts(Path file, String name) {
    var matcher = PARTS.matcher(name);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    var version = new StringBuilder();
    Arrays.stream(matcher.group(1).split("[._]"))
        .map(Integer::parseInt)
        .forEach(part -> version.append("%02d".formatted(part)));
    return Optional.of(
        new Flaw(
            "%s has a version of several parts, but versions are whole numbers".formatted(file),
            "rename it to %s, with two digits for each part but the first, like the others"
                .formatted(proper(Long.parseLong(version.toString()), matcher.group(2)))));
  }

  private static Optional<Flaw> numbered(Path file, String name) {
    var matcher = NUMBERED.matcher(name);
    return version(name)
        .filter(version -> matcher.matches())
        .map(version -> misnamed(file, proper(version, matcher.group(2))));
  }

  /** The version that it would have under its proper name. */
  static Optional<Long> version(String name) {
    var matcher = NUMBERED.matcher(name);
    return matcher.matches() && !PARTS.matcher(name).matches() && !UNDO.matcher(name).matches()
        ? Optional.of(Long.parseLong(matcher.group(1))).filter(version -> version > 0)
        : Optional.empty();
  }

  private static Flaw misnamed(Path file, String proper) {
    return new Flaw("%s is not named like a migration".formatted(file), "rename it to " + proper);
  }

  private static String proper(long version, String name) {
    var word = name.replaceAll("[^A-Za-z0-9_-]+", "_");
    return "V%d__%s.sql".formatted(version, word.substring(0, Math.min(word.length(), LONGEST)));
  }
}
