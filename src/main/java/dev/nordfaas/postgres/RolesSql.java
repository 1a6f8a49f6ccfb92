package dev.nordfaas.postgres;

import dev.nordfaas.config.PostgresConfig.DatabaseConfig;
import dev.nordfaas.manifest.Scripts;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Databases, roles and grants, as a script for {@code psql} 15 or newer that can run again and
 * again.
 *
 * <p>Each database belongs to a role that nobody can log in as, {@code <database>_owner}; the
 * functions' roles get {@code SELECT, INSERT, UPDATE, DELETE} by membership in {@code
 * <database>_writer}. A role that is no longer in the config loses both its membership and its
 * login; nothing is dropped. The role with a function's former password keeps both until it
 * expires. Passwords come from the environment. What has to be in a database are its {@link
 * Migration}s, each of which is applied once, as the owner.
 */
public final class RolesSql {
  /** The database that always exists. */
  static final String MAINTENANCE_DATABASE = "postgres";

  /** How PgBouncer asks for a verifier. */
  public static final String AUTH_QUERY =
      "SELECT username, verifier FROM pgbouncer.user_lookup($1)";

  private static final String FUNCTIONS_FILE = "functions.sql";
  private static final String LOOKUP_FILE = "lookup.sql";
  private static final String MIGRATIONS_FILE = "migrations.sql";
  private static final String LOOKUP = "\\ir " + LOOKUP_FILE + "\n";

  private RolesSql() {}

  /** The script {@code roles.sql} and the files that it includes. */
  static SortedMap<String, String> files(
      Map<String, DatabaseConfig> databases,
      Collection<SqlRole> roles,
      Map<String, List<Migration>> migrations,
      List<PlatformRole> platform) {
    var files = new TreeMap<String, String>();
    files.put("roles.sql", of(databases, roles, migrations, platform));
    for (var file : List.of(FUNCTIONS_FILE, LOOKUP_FILE, MIGRATIONS_FILE)) {
      files.put(file, Scripts.read(RolesSql.class, file));
    }
    migrations.forEach(
        (database, steps) ->
            steps.forEach(step -> files.put(fileName(database, step), step.sql())));
    return files;
  }

  /** The script. */
  static String of(
      Map<String, DatabaseConfig> databases,
      Collection<SqlRole> roles,
      Map<String, List<Migration>> migrations,
      List<PlatformRole> platform) {
    var sorted = new TreeMap<>(databases);
    var parts = new ArrayList<String>();
    parts.add(
        "-- Brings databases, roles and grants to what the stack config says. Drops nothing.\n\\ir "
            + FUNCTIONS_FILE
            + "\n");
    parts.add(login(Postgres.POOLER_ROLE));
    platform.forEach(role -> parts.add(platform(role)));
    sorted.keySet().forEach(database -> parts.add(database(database)));
    roles.forEach(role -> parts.add(function(role)));
    parts.add(removed(sorted, roles, platform));
    parts.add(closed(MAINTENANCE_DATABASE));
    // A new database is a copy of it; nobody has to connect to the template itself.
    parts.add("REVOKE ALL ON DATABASE template1 FROM PUBLIC;\n");
    parts.add(LOOKUP);
    sorted.forEach(
        (database, config) -> {
          parts.add(inside(database, config));
          parts.addAll(migrations(database, migrations.getOrDefault(database, List.of())));
        });
    return String.join("\n", parts);
  }

  /** A variable that is not set leaves what was read before as it is: hence the empty password. */
  private static String login(String role) {
    return """
        \\set password ''
        \\getenv password %2$s
        SELECT pg_temp.ensure_login('%1$s', :'password');
        """
        .formatted(role, SqlRole.passwordVariable(role));
  }

  private static String platform(PlatformRole role) {
    return login(role.name())
        + "GRANT CONNECT ON DATABASE \"%s\" TO \"%s\";\n"
            .formatted(MAINTENANCE_DATABASE, role.name())
        + role.grants();
  }

  private static String database(String database) {
    return """
        SELECT pg_temp.ensure_group('%2$s'), pg_temp.ensure_group('%3$s');
        SELECT 'CREATE DATABASE "%1$s" OWNER "%2$s"'
          WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '%1$s') \\gexec
        ALTER DATABASE "%1$s" OWNER TO "%2$s";
        %4$sGRANT CONNECT ON DATABASE "%1$s" TO "%3$s";
        """
        .formatted(database, SqlRole.owner(database), SqlRole.writer(database), closed(database));
  }

  private static String closed(String database) {
    return """
        REVOKE ALL ON DATABASE "%1$s" FROM PUBLIC;
        GRANT CONNECT ON DATABASE "%1$s" TO "%2$s";
        """
        .formatted(database, Postgres.POOLER_ROLE);
  }

  private static String function(SqlRole role) {
    return login(role.name())
        + "SELECT pg_temp.ensure_valid_until('%s', '%s');\n"
            .formatted(role.name(), role.validUntil().orElse("infinity"))
        + role.former().map(RolesSql::former).orElse("")
        + "GRANT \"%s\" TO \"%s\";\n".formatted(SqlRole.writer(role.database()), role.name());
  }

  private static String former(SqlRole.Former role) {
    return "SELECT pg_temp.let_expire('%s', '%d seconds');\n"
        .formatted(role.name(), role.overlap().toSeconds());
  }

  private static String removed(
      SortedMap<String, DatabaseConfig> databases,
      Collection<SqlRole> roles,
      List<PlatformRole> platform) {
    var writers = databases.keySet().stream().map(SqlRole::writer).toList();
    var members = new ArrayList<String>();
    var logins = new ArrayList<>(List.of(Postgres.POOLER_ROLE));
    platform.forEach(role -> logins.add(role.name()));
    roles.forEach(
        role ->
            names(role)
                .forEach(
                    name -> {
                      members.add(SqlRole.writer(role.database()) + " " + name);
                      logins.add(name);
                    }));
    return """
        -- Roles that are no longer in the config.
        SELECT format('REVOKE %%I FROM %%I', writer.rolname, member.rolname)
          FROM pg_auth_members m
          JOIN pg_roles writer ON writer.oid = m.roleid
          JOIN pg_roles member ON member.oid = m.member
          WHERE writer.rolname = ANY (%s)
            AND writer.rolname || ' ' || member.rolname <> ALL (%s) \\gexec
        SELECT format('ALTER ROLE %%I NOLOGIN', rolname)
          FROM pg_roles
          WHERE rolcanlogin
            AND shobj_description(oid, 'pg_authid') LIKE 'nordfaas %%'
            AND rolname <> ALL (%s) \\gexec
        """
        .formatted(array(writers), array(members), array(logins));
  }

  private static Stream<String> names(SqlRole role) {
    return Stream.concat(Stream.of(role.name()), role.former().map(SqlRole.Former::name).stream());
  }

  private static String inside(String database, DatabaseConfig config) {
    return """
        \\connect "%1$s"
        %4$sREVOKE ALL ON SCHEMA public FROM PUBLIC;
        GRANT USAGE, CREATE ON SCHEMA public TO "%2$s";
        GRANT USAGE ON SCHEMA public TO "%3$s";
        %5$sGRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO "%3$s";
        GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO "%3$s";
        ALTER DEFAULT PRIVILEGES FOR ROLE "%2$s" IN SCHEMA public
          GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO "%3$s";
        ALTER DEFAULT PRIVILEGES FOR ROLE "%2$s" IN SCHEMA public
          GRANT USAGE, SELECT ON SEQUENCES TO "%3$s";
        """
        .formatted(
            database,
            SqlRole.owner(database),
            SqlRole.writer(database),
            LOOKUP,
            config.extensions().stream()
                .map("CREATE EXTENSION IF NOT EXISTS \"%s\";\n"::formatted)
                .collect(Collectors.joining()));
  }

  private static List<String> migrations(String database, List<Migration> migrations) {
    var parts = new ArrayList<String>();
    if (!migrations.isEmpty()) {
      parts.add("\\set owner %s\n\\ir %s\n".formatted(SqlRole.owner(database), MIGRATIONS_FILE));
    }
    migrations.forEach(migration -> parts.add(migration(database, migration)));
    return parts;
  }

  /**
   * What a step sets for its session, the next one does not find. It gives up rather than make all
   * functions wait for it while it waits for somebody's long transaction.
   */
  private static String migration(String database, Migration migration) {
    return """
        SELECT pg_temp.is_pending(%1$d, '%2$s', '%3$s') AS pending \\gset
        \\if :pending
          \\echo %4$s: applying %2$s
          RESET ALL;
          BEGIN;
          SET LOCAL ROLE :"owner";
          SET LOCAL lock_timeout = '10s';
          \\ir %5$s
          INSERT INTO nordfaas.schema_migrations (version, file, checksum)
            VALUES (%1$d, '%2$s', '%3$s');
          COMMIT;
        \\endif
        """
        .formatted(
            migration.version(),
            migration.file(),
            migration.checksum(),
            database,
            fileName(database, migration));
  }

  private static String fileName(String database, Migration migration) {
    return database + "." + migration.file();
  }

  private static String array(Collection<String> values) {
    return "'{%s}'".formatted(String.join(",", values));
  }
}
