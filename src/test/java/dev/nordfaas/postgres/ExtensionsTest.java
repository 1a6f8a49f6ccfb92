package dev.nordfaas.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.PostgresConfig;
import dev.nordfaas.config.check.PatchedConfig;
import dev.nordfaas.testing.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** PostgreSQL's extensions, with a real server that has loaded what its config says. */
@Timeout(120)
class ExtensionsTest {
  private static final String IMAGE = "docker.io/library/postgres:17.6-bookworm";

  @TempDir static Path serverFolder;
  private static PostgresServer server;

  @TempDir Path folder;

  @BeforeAll
  static void startServer() {
    var config = config(List.of(Extension.STATEMENTS));
    var settings = new TreeMap<>(PostgresConf.settings(config, 100).values(Set.of()));
    settings
        .keySet()
        .removeIf(name -> !name.startsWith("pg_stat_") && !name.equals("shared_preload_libraries"));
    assertThat(settings)
        .containsExactly(
            Map.entry("pg_stat_statements.track_utility", "off"),
            Map.entry("shared_preload_libraries", "pg_stat_statements"));
    server = PostgresServer.start(serverFolder, PostgresConf.pgHba(config), settings);
  }

  @AfterAll
  static void stopServer() {
    server.stop();
  }

  @Test
  void statementsAreCountedWithoutPasswords() throws IOException {
    create(List.of(Extension.STATEMENTS));
    server.sql("shop", "SELECT 4711 AS number");
    server.sql("shop", "ALTER ROLE shop_owner PASSWORD 'hush'");

    var texts = server.sql("shop", "SELECT query FROM extensions.pg_stat_statements");

    assertThat(texts).contains("SELECT $1 AS number").noneMatch(text -> text.contains("hush"));
  }

  /** Each extension of PostgreSQL itself is created, or is refused with a reason. */
  @Test
  void allowedExtensionsAreCreated() throws IOException {
    var available =
        server.sql("postgres", "SELECT name FROM pg_available_extensions ORDER BY name");
    var allowed =
        available.stream().filter(name -> Extension.refusal(name, IMAGE).isEmpty()).toList();

    create(allowed);

    assertThat(server.sql("shop", "SELECT extname FROM pg_extension")).containsAll(allowed);
    assertThat(available.stream().filter(name -> !allowed.contains(name)))
        .containsExactly("adminpack", "file_fdw", "postgres_fdw");
  }

  /** Why they are refused: they are there, and the database's owner cannot use them. */
  @Test
  void ownerCannotUseTheWrappers() throws IOException {
    create(List.of("citext"));
    for (var wrapper : List.of("file_fdw", "postgres_fdw")) {
      server.sql("shop", "CREATE EXTENSION IF NOT EXISTS %s SCHEMA extensions".formatted(wrapper));

      assertThat(
              server
                  .directly(
                      "shop_migrator",
                      "password of shop_migrator",
                      "shop",
                      "SET ROLE shop_owner; CREATE SERVER s FOREIGN DATA WRAPPER " + wrapper)
                  .output())
          .contains("permission denied for foreign-data wrapper " + wrapper);
    }
  }

  /** The Job for roles. */
  private void create(List<String> extensions) throws IOException {
    var target = Files.createDirectories(folder.resolve("roles"));
    for (var file : RolesJob.files(config(extensions), List.of()).entrySet()) {
      Files.writeString(target.resolve(file.getKey()), file.getValue());
    }
    var passwords = new TreeMap<String, String>();
    for (var name : List.of(Postgres.POOLER_ROLE, "shop_migrator")) {
      passwords.put(SqlRole.passwordVariable(name), "password of " + name);
    }
    var result = server.script(target.resolve("roles.sh"), passwords);
    assertThat(result.exitCode()).as(result.output()).isZero();
  }

  private static PostgresConfig config(List<String> extensions) {
    return PatchedConfig.of(
            "oslo",
            """
            set:
              nordfaas:postgres.databases: {shop: {migrations: any, extensions: [%s]}}
              nordfaas:postgres.dropDatabases: []
            remove: [nordfaas:postgres.backup, nordfaas:postgres.exporterImage]
            """
                .formatted(String.join(", ", extensions)))
        .postgres();
  }
}
