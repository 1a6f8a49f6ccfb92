package dev.nordfaas.postgres;

import dev.nordfaas.config.PostgresConfig;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A folder of migrations, {@code V<version>__<name>.sql}, read from the project.
 *
 * @param migrations its migrations, in the order of their versions
 * @param flaws what is wrong with it; if not empty, its migrations are incomplete
 */
public record MigrationFolder(List<Migration> migrations, List<Flaw> flaws) {
  /** A version fits into a {@code bigint}. */
  private static final Pattern NAME =
      Pattern.compile(
          "V([1-9][0-9]{0,17})__[A-Za-z0-9_-]{1,%d}\\.sql".formatted(ForeignMigrationName.LONGEST));

  /**
   * All migrations go into one ConfigMap, which Kubernetes limits to 1 MiB; an eighth is reserved
   * for the scripts. In bytes.
   */
  public static final long MAX_BYTES = 896 << 10;

  private static final String NAMES = "V<version>__<name>.sql, such as V1__orders.sql";

  /** What is wrong with a folder, as a reason and a fix. */
  public record Flaw(String reason, String fix) {}

  public MigrationFolder {
    migrations = List.copyOf(migrations);
    flaws = List.copyOf(flaws);
  }

  /** The folder of each database that has one. */
  public static SortedMap<String, MigrationFolder> readAll(PostgresConfig config) {
    var folders = new TreeMap<String, MigrationFolder>();
    config
        .databases()
        .forEach(
            (name, database) ->
                database.migrations().ifPresent(folder -> folders.put(name, read(folder))));
    return folders;
  }

  /**
   * Reads a folder.
   *
   * @param folder its path in the project, relative to the folder that Pulumi runs the program in
   */
  public static MigrationFolder read(String folder) {
    var migrations = new ArrayList<Migration>();
    var flaws = new ArrayList<Flaw>();
    try (var files = Files.list(Path.of(folder))) {
      for (var file : files.filter(MigrationFolder::isVisible).sorted().toList()) {
        read(file, migrations, flaws);
      }
      if (migrations.isEmpty() && flaws.isEmpty()) {
        flaws.add(new Flaw("%s is empty".formatted(folder), "add a file " + NAMES));
      }
    } catch (IOException e) {
      flaws.add(
          new Flaw(
              "there is no folder %s in the project".formatted(folder),
              "fix the path or create it, with a file " + NAMES));
    }
    migrations.sort(Comparator.comparingLong(Migration::version));
    for (var i = 1; i < migrations.size(); i++) {
      compare(migrations.get(i - 1), migrations.get(i), folder, flaws);
    }
    return new MigrationFolder(migrations, flaws);
  }

  private static void read(Path file, List<Migration> migrations, List<Flaw> flaws)
      throws IOException {
    if (Files.isDirectory(file)) {
      flaws.add(
          new Flaw(
              "%s is a folder, and migrations are read from one folder".formatted(file),
              "move its files up, or it elsewhere"));
      return;
    }
    var name = file.getFileName().toString();
    var matcher = NAME.matcher(name);
    if (!matcher.matches()) {
      flaws.add(ForeignMigrationName.flaw(file));
      ForeignMigrationName.version(name)
          .ifPresent(version -> migrations.add(new Migration(version, name, "")));
      return;
    }
    var size = Files.size(file);
    if (size > MAX_BYTES) {
      flaws.add(
          new Flaw(
              "%s of %dKi exceeds the %dKi of one ConfigMap"
                  .formatted(file, size >> 10, MAX_BYTES >> 10),
              "load large amounts of data by other means"));
      return;
    }
    try {
      // Git may check it out with CRLF on Windows, which does not count as a change.
      var sql = Files.readString(file).replace("\r\n", "\n");
      flaws.addAll(contents(file.toString(), sql));
      migrations.add(new Migration(Long.parseLong(matcher.group(1)), name, sql));
    } catch (CharacterCodingException e) {
      flaws.add(new Flaw("%s is not UTF-8".formatted(file), "save it as UTF-8"));
    }
  }

  private static List<Flaw> contents(String file, String sql) {
    if (sql.indexOf('\0') >= 0) {
      return List.of(
          new Flaw("%s has zero bytes, as UTF-16 has".formatted(file), "save it as UTF-8"));
    }
    if (sql.replace("\ufeff", "").isBlank()) {
      return List.of(new Flaw("%s is empty".formatted(file), "write its statements, or remove it"));
    }
    return MigrationCheck.of(file, sql);
  }

  private static boolean isVisible(Path file) {
    return !file.getFileName().toString().startsWith(".");
  }

  private static void compare(Migration one, Migration next, String folder, List<Flaw> flaws) {
    if (one.version() == next.version()) {
      flaws.add(
          new Flaw(
              "%s has two files of version %d: %s and %s"
                  .formatted(folder, one.version(), one.file(), next.file()),
              "give the newer one the next free number"));
    }
  }
}
