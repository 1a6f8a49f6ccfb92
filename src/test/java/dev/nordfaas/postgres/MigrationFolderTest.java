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
    write("V1__a.sql", "");
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
  @ValueSource(
      strings = {
        "orders.sql",
        "V1_orders.sql",
        "V0__a.sql",
        "V01__a.sql",
        "v1__a.sql",
        "V1__a.txt"
      })
  void otherNameIsAFlaw(String name) throws IOException {
    write(name, "");

    assertThat(read().flaws())
        .containsExactly(
            new Flaw(
                folder.resolve(name) + " is not named like a migration",
                "rename it to V<version>__<name>.sql, such as V1__orders.sql"));
  }

  @Test
  void sameVersionTwiceIsAFlaw() throws IOException {
    write("V1__a.sql", "");
    write("V1__b.sql", "");

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
