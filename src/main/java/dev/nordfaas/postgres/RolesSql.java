package dev.nordfaas.postgres;

import dev.nordfaas.config.PostgresConfig;
import dev.nordfaas.config.PostgresConfig.DatabaseConfig;
import dev.nordfaas.manifest.Scripts;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Databases, roles and grants, as an idempotent script for {@code psql} 15 or newer.
 *
 * <p>Each database belongs to a role that nobody can log in as, {@code <database>_owner}; the
 * functions' roles get {@code SELECT, INSERT, UPDATE, DELETE} by membership in {@code
 * <database>_writer}, or {@code SELECT} by one in {@code <database>_reader}. A role that is no
 * longer in the config loses both its membership and its login. The role with a function's previous
 * password keeps both until it expires. Nothing is dropped except what {@code dropDatabases} names.
 * Passwords come from the environment. {@link MigrationsSql} creates the contents of a database.
 */
public final class RolesSql {
  /** The database that always exists. */
  static final String MAINTENANCE_DATABASE = "postgres";

  /** PgBouncer's query for a verifier. */
  public static final String AUTH_QUERY =
      "SELECT username, verifier FROM pgbouncer.user_lookup($1)";

  /**
   * The schema of extensions, in which only the administrator may create objects: their scripts run
   * as the administrator, and find what is in their schema.
   */
  public static final String EXTENSIONS_SCHEMA = "extensions";

  /**
   * CloudNativePG's own roles, in whatever databases there are. An instance that was the primary
   * joins as a standby only once {@code streaming_replica} could connect to the new one ({@code
   * WaitForPrimaryAvailable} of {@code pkg/management/postgres/instance.go}, 1.30.0), and there are
   * no metrics at all where {@code cnpg_metrics_exporter} is refused.
   */
  private static final String OPERATORS_ROLES =
      """
      -- What CloudNativePG's own roles have by default, as members of PUBLIC.
      SELECT format('GRANT CONNECT ON DATABASE %I TO %I', datname, rolname)
        FROM pg_database, pg_roles
        WHERE datallowconn AND datname <> 'template1' AND rolname IN ('cnpg_metrics_exporter', 'streaming_replica')
          AND (rolname = 'cnpg_metrics_exporter' OR datname = 'postgres')
        \\gexec
      """;

  /** What a session of a privileged role finds without a schema's name. */
  private static final String SAFE_PATH = "pg_catalog, pg_temp";

  private static final String EXTENSIONS_FILE = "extensions.sql";
  private static final String FUNCTIONS_FILE = "functions.sql";
  private static final String LOOKUP_FILE = "lookup.sql";
  private static final String SCHEMAS_FILE = "schemas.sql";
  private static final String SESSION_FILE = "session.sql";
  private static final String LOOKUP = "\\ir " + SCHEMAS_FILE + "\n" + "\\ir " + LOOKUP_FILE + "\n";

  private RolesSql() {}

  /** The script {@code roles.sql} and the files that it includes. */
  static SortedMap<String, String> files(PostgresConfig config, Collection<SqlRole> roles) {
    var files = new TreeMap<String, String>();
    files.put("roles.sql", of(config, roles));
    for (var file :
        List.of(EXTENSIONS_FILE, FUNCTIONS_FILE, LOOKUP_FILE, SCHEMAS_FILE, SESSION_FILE)) {
      files.put(file, Scripts.read(RolesSql.class, file));
    }
    return files;
  }

  /** The script. */
  static String of(PostgresConfig config, Collection<SqlRole> roles) {
    var platform = PlatformRole.of(config);
    var databases = new TreeMap<>(config.databases());
    var parts = new ArrayList<String>();
    parts.add(
        "-- Brings databases, roles and grants to what the stack config says.\n\\ir "
            + FUNCTIONS_FILE
            + "\n"
            + config.scramIterations().map("SET scram_iterations = %d;\n"::formatted).orElse(""));
    parts.add(safe(Postgres.SUPERUSER) + "REVOKE CREATE ON SCHEMA public FROM PUBLIC;\n");
    parts.add(login(Postgres.POOLER_ROLE) + safe(Postgres.POOLER_ROLE));
    platform.forEach(role -> parts.add(platform(role)));
    databases.forEach((database, it) -> parts.add(database(database, it)));
    roles.forEach(role -> parts.add(function(role)));
    parts.add(RoleSettingsSql.of(config, roles));
    parts.add(removed(databases, roles, platform));
    config.dropDatabases().forEach(database -> parts.add(dropped(database)));
    parts.add(closed(MAINTENANCE_DATABASE));
    // A new database is a copy of it; nobody needs to connect to the template itself.
    parts.add("REVOKE ALL ON DATABASE template1 FROM PUBLIC;\n");
    if (config.highAvailability()) {
      parts.add(OPERATORS_ROLES);
    }
    parts.add(LOOKUP);
    databases.forEach((database, it) -> parts.add(inside(database, it)));
    return String.join("\n", parts);
  }

  /** For an unset variable, \getenv keeps the previous value: hence the empty password. */
  private static String login(String role) {
    return """
        \\set password ''
        \\getenv password %2$s
        SELECT pg_temp.ensure_login('%1$s', :'password');
        """
        .formatted(role, SqlRole.passwordVariable(role));
  }

  /**
   * For the sessions that others open, such as those of an operator or of its exporter. It takes
   * precedence over what the owner of a database sets for all who connect.
   */
  private static String safe(String role) {
    return "ALTER ROLE \"%s\" SET search_path = %s;\n".formatted(role, SAFE_PATH);
  }

  private static String platform(PlatformRole role) {
    return login(role.name())
        + safe(role.name())
        + "GRANT CONNECT ON DATABASE \"%s\" TO \"%s\";\n"
            .formatted(MAINTENANCE_DATABASE, role.name())
        + role.grants();
  }

  private static String database(String database, DatabaseConfig config) {
    return """
        SELECT pg_temp.ensure_group('%2$s'), pg_temp.ensure_group('%3$s'), pg_temp.ensure_group('%4$s');
        SELECT 'CREATE DATABASE "%1$s" OWNER "%2$s"'
          WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '%1$s') \\gexec
        ALTER DATABASE "%1$s" OWNER TO "%2$s";
        %5$sGRANT CONNECT ON DATABASE "%1$s" TO "%3$s", "%4$s";
        """
            .formatted(
                database,
                SqlRole.owner(database),
                SqlRole.writer(database),
                SqlRole.reader(database),
                closed(database))
        + config.migrations().map(folder -> migrator(database)).orElse("");
  }

  private static String migrator(String database) {
    var role = SqlRole.migrator(database);
    return login(role) + "GRANT \"%s\" TO \"%s\";\n".formatted(SqlRole.owner(database), role);
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
        + "GRANT \"%s\" TO \"%s\";\n".formatted(role.group(), role.name());
  }

  private static String former(SqlRole.Former role) {
    return "SELECT pg_temp.let_expire('%s', '%d seconds');\n"
        .formatted(role.name(), role.overlap().toSeconds());
  }

  private static String removed(
      SortedMap<String, DatabaseConfig> databases,
      Collection<SqlRole> roles,
      List<PlatformRole> platform) {
    var groups = new ArrayList<String>();
    var members = new ArrayList<String>();
    var logins = new ArrayList<>(List.of(Postgres.POOLER_ROLE));
    platform.forEach(role -> logins.add(role.name()));
    databases.forEach(
        (database, config) -> {
          groups.addAll(
              List.of(SqlRole.owner(database), SqlRole.writer(database), SqlRole.reader(database)));
          if (config.migrations().isPresent()) {
            members.add(SqlRole.owner(database) + " " + SqlRole.migrator(database));
            logins.add(SqlRole.migrator(database));
          }
        });
    roles.forEach(
        role ->
            role.names()
                .forEach(
                    name -> {
                      members.add(role.group() + " " + name);
                      logins.add(name);
                    }));
    return """
        -- Grants and roles that are no longer in the config.
        SELECT format('REVOKE %%I FROM %%I', granted.rolname, member.rolname)
          FROM pg_auth_members m
          JOIN pg_roles granted ON granted.oid = m.roleid
          JOIN pg_roles member ON member.oid = m.member
          WHERE granted.rolname = ANY (%s)
            AND granted.rolname || ' ' || member.rolname <> ALL (%s) \\gexec
        SELECT format('ALTER ROLE %%I NOLOGIN', rolname)
          FROM pg_roles
          WHERE rolcanlogin
            AND shobj_description(oid, 'pg_authid') LIKE 'nordfaas %%'
            AND rolname <> ALL (%s) \\gexec
        """
        .formatted(array(groups), array(members), array(logins));
  }

  /** Only a database that this script created: it belongs to the owner with its name. */
  private static String dropped(String database) {
    return """
        -- dropDatabases
        SELECT format('DROP DATABASE %%I WITH (FORCE)', datname)
          FROM pg_database WHERE datname = '%s' AND pg_get_userbyid(datdba) = '%s' \\gexec
        SELECT format('DROP ROLE %%I', rolname)
          FROM pg_roles
          WHERE rolname = ANY (%s)
            AND NOT EXISTS (SELECT FROM pg_database WHERE datname = '%1$s') \\gexec
        """
        .formatted(database, SqlRole.owner(database), array(SqlRole.ofDatabase(database)));
  }

  private static String inside(String database, DatabaseConfig config) {
    var parts = new StringBuilder();
    parts.append("\\connect \"%s\"\n".formatted(database));
    parts.append(LOOKUP);
    parts.append("REVOKE ALL ON SCHEMA public FROM PUBLIC;\n");
    if (!config.extensions().isEmpty()) {
      parts.append(extensions(database, config.extensions()));
    }
    config.schemas().forEach(schema -> parts.append(schema(database, schema)));
    return parts.append(closedSchemas(database, config.schemas())).toString();
  }

  private static String extensions(String database, List<String> names) {
    return """
        \\set extensions %1$s
        \\ir %2$s
        GRANT USAGE ON SCHEMA %3$s TO "%4$s", "%5$s", "%6$s";
        """
        .formatted(
            array(names),
            EXTENSIONS_FILE,
            EXTENSIONS_SCHEMA,
            SqlRole.owner(database),
            SqlRole.writer(database),
            SqlRole.reader(database));
  }

  private static String schema(String database, String schema) {
    return """
        CREATE SCHEMA IF NOT EXISTS "%1$s" AUTHORIZATION "%2$s";
        GRANT USAGE, CREATE ON SCHEMA "%1$s" TO "%2$s";
        GRANT USAGE ON SCHEMA "%1$s" TO "%3$s", "%4$s";
        GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA "%1$s" TO "%3$s";
        GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA "%1$s" TO "%3$s";
        GRANT SELECT ON ALL TABLES IN SCHEMA "%1$s" TO "%4$s";
        ALTER DEFAULT PRIVILEGES FOR ROLE "%2$s" IN SCHEMA "%1$s"
          GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO "%3$s";
        ALTER DEFAULT PRIVILEGES FOR ROLE "%2$s" IN SCHEMA "%1$s"
          GRANT USAGE, SELECT ON SEQUENCES TO "%3$s";
        ALTER DEFAULT PRIVILEGES FOR ROLE "%2$s" IN SCHEMA "%1$s"
          GRANT SELECT ON TABLES TO "%4$s";
        """
        .formatted(
            schema, SqlRole.owner(database), SqlRole.writer(database), SqlRole.reader(database));
  }

  /** Without USAGE on a schema, its tables are not accessible, whatever their grants. */
  private static String closedSchemas(String database, List<String> schemas) {
    var open = new ArrayList<>(schemas);
    open.add(EXTENSIONS_SCHEMA);
    return """
        SELECT format('REVOKE USAGE ON SCHEMA %%I FROM "%1$s", "%2$s"', nspname)
          FROM pg_namespace
          WHERE nspname <> ALL (%3$s)
            AND (has_schema_privilege('%1$s', oid, 'USAGE') OR has_schema_privilege('%2$s', oid, 'USAGE'))
            AND nspname NOT IN ('pg_catalog', 'information_schema') AND nspname NOT LIKE 'pg\\_%%'
          \\gexec
        """
        .formatted(SqlRole.writer(database), SqlRole.reader(database), array(open));
  }

  private static String array(Collection<String> values) {
    return "'{%s}'".formatted(String.join(",", values));
  }
}
