package dev.nordfaas.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.postgres.MigrationFolder.Flaw;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MigrationFolderTest {
  @TempDir Path folder;

  @Test
  void ordersByVersionAndNotByName() throws IOException {
    write("V10__ten.sql", "ten");
    write("V9__nine.sql", "nine");

    assertThat(read())
        .isEqualTo(
            new MigrationFolder(
                List.of(
                    new Migration(9, "V9__nine.sql", "nine"),
                    new Migration(10, "V10__ten.sql", "ten")),
                List.of()));
  }

  @Test
  void lineEndsOfWindowsAreNoChange() throws IOException {
    write("V1__a.sql", "one;\r\ntwo;\r\n");

    assertThat(read().migrations()).extracting(Migration::sql).containsExactly("one;\ntwo;\n");
  }

  @Test
  void hiddenFilesAreNoMigrations() throws IOException {
    write("V1__a.sql", "SELECT 1");
    write(".V1__a.sql.swp", "");

    assertThat(read().flaws()).isEmpty();
  }

  @Test
  void missingFolderIsAFlaw() {
    assertThat(MigrationFolder.read("functions/nowhere").flaws())
        .containsExactly(
            new Flaw(
                "there is no folder functions/nowhere in the project",
                "fix the path or create it, with a file V<version>__<name>.sql, such as V1__orders.sql"));
  }

  @Test
  void emptyFolderIsAFlaw() {
    assertThat(read().flaws())
        .containsExactly(
            new Flaw(
                folder + " is empty", "add a file V<version>__<name>.sql, such as V1__orders.sql"));
  }

  @ParameterizedTest
  @CsvSource({
    "orders.sql, 'V<version>__<name>.sql, such as V1__orders.sql'",
    "V0__a.sql, 'V<version>__<name>.sql, such as V1__orders.sql'",
    "V1__a.txt, 'V<version>__<name>.sql, such as V1__orders.sql'",
    "V1_orders.sql, V1__orders.sql",
    "V01__a.sql, V1__a.sql",
    "v1__a.sql, V1__a.sql",
    "V1__a.SQL, V1__a.sql",
    "V1__add price.sql, V1__add_price.sql",
    "0001_x.sql, V1__x.sql",
    "20240131120000_x.up.sql, V20240131120000__x.sql",
  })
  void otherNameIsAFlaw(String name, String proper) throws IOException {
    write(name, "");

    assertThat(read().flaws())
        .containsExactly(
            new Flaw(
                folder.resolve(name) + " is not named like a migration", "rename it to " + proper));
  }

  @ParameterizedTest
  @CsvSource({
    "V1.2__x.sql, V102__x.sql",
    "V1_10__x.sql, V110__x.sql",
    "V2024.1.31__x.sql, V20240131__x.sql"
  })
  void versionOfSeveralPartsIsAFlaw(String name, String proper) throws IOException {
    write(name, "");

    assertThat(read().flaws())
        .containsExactly(
            new Flaw(
                folder.resolve(name)
                    + " has a version of several parts, but versions are whole numbers",
                "rename it to %s, with two digits for each part but the first, like the others"
                    .formatted(proper)));
  }

  @Test
  void repeatableMigrationIsAFlaw() throws IOException {
    write("R__views.sql", "SELECT 1");

    assertThat(read().flaws())
        .containsExactly(
            new Flaw(
                folder.resolve("R__views.sql")
                    + " would be applied at each change, but each file is applied once",
                "put each change into a file of its own, V<version>__<name>.sql"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"U1__x.sql", "20240131120000_x.down.sql"})
  void undoingIsAFlaw(String name) throws IOException {
    write(name, "");

    assertThat(read().flaws())
        .containsExactly(
            new Flaw(
                folder.resolve(name) + " undoes a migration, which is not supported",
                "move it elsewhere; to undo something, add a file with the next version"));
  }

  @Test
  void versionMayBeATime() throws IOException {
    write("V20240131120000__x.sql", "SELECT 1");

    assertThat(read())
        .isEqualTo(
            new MigrationFolder(
                List.of(new Migration(20240131120000L, "V20240131120000__x.sql", "SELECT 1")),
                List.of()));
  }

  @Test
  void sameVersionWithZerosIsAFlaw() throws IOException {
    write("V01__b.sql", "SELECT 1");
    write("V1__a.sql", "SELECT 1");

    assertThat(read().flaws())
        .containsExactly(
            new Flaw(
                folder.resolve("V01__b.sql") + " is not named like a migration",
                "rename it to V1__b.sql"),
            new Flaw(
                folder + " has two files of version 1: V01__b.sql and V1__a.sql",
                "give the newer one the next free number"));
  }

  @Test
  void folderInsideIsAFlaw() throws IOException {
    write("V1__a.sql", "SELECT 1");
    Files.createDirectory(folder.resolve("2024"));

    assertThat(read().flaws())
        .containsExactly(
            new Flaw(
                folder.resolve("2024") + " is a folder, and migrations are read from one folder",
                "move its files up, or it elsewhere"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " \n", "\ufeff\n"})
  void emptyFileIsAFlaw(String text) throws IOException {
    write("V1__a.sql", text);

    assertThat(read().flaws())
        .containsExactly(
            new Flaw(
                folder.resolve("V1__a.sql") + " is empty", "write its statements, or remove it"));
  }

  @Test
  void fileThatIsTooLargeIsNotRead() throws IOException {
    write("V1__a.sql", " ".repeat(900 << 10));

    assertThat(read().flaws())
        .containsExactly(
            new Flaw(
                folder.resolve("V1__a.sql") + " of 900Ki exceeds the 896Ki of one ConfigMap",
                "load large amounts of data by other means"));
  }

  @Test
  void utf16IsAFlaw() throws IOException {
    Files.write(folder.resolve("V1__a.sql"), "SELECT 1".getBytes(StandardCharsets.UTF_16LE));

    assertThat(read().flaws())
        .containsExactly(
            new Flaw(
                folder.resolve("V1__a.sql") + " has zero bytes, as UTF-16 has",
                "save it as UTF-8"));
  }

  @Test
  void statementThatCannotBeAppliedIsAFlaw() throws IOException {
    write("V1__a.sql", "CREATE TABLE a (id int);\r\nVACUUM a;");

    assertThat(read().flaws())
        .containsExactly(
            new Flaw(
                folder.resolve("V1__a.sql")
                    + ":2 has VACUUM, which cannot run in a transaction, as each file does",
                "remove it: autovacuum does it; ANALYZE may stay"));
  }

  @Test
  void sameVersionTwiceIsAFlaw() throws IOException {
    write("V1__a.sql", "SELECT 1");
    write("V1__b.sql", "SELECT 1");

    assertThat(read().flaws())
        .containsExactly(
            new Flaw(
                folder + " has two files of version 1: V1__a.sql and V1__b.sql",
                "give the newer one the next free number"));
  }

  @Test
  void otherEncodingIsAFlaw() throws IOException {
    Files.write(folder.resolve("V1__a.sql"), "bl\u00e5".getBytes(StandardCharsets.ISO_8859_1));

    assertThat(read().flaws())
        .containsExactly(
            new Flaw(folder.resolve("V1__a.sql") + " is not UTF-8", "save it as UTF-8"));
  }

  private MigrationFolder read() {
    return MigrationFolder.read(folder.toString());
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }
}
