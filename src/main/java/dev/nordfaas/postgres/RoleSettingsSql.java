package dev.nordfaas.postgres;

import dev.nordfaas.config.PostgresConfig;
import dev.nordfaas.config.PostgresConfig.DatabaseConfig;
import dev.nordfaas.config.RoleSettings;
import dev.nordfaas.config.RoleSettings.Isolation;
import dev.nordfaas.manifest.Checksums;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What the sessions of functions and migrations start with: the schemas that they find without a
 * name, and their limits. PostgreSQL keeps it per role and database, so it also applies to the
 * connections that PgBouncer shares between clients, which no client can set up.
 */
final class RoleSettingsSql {
  private RoleSettingsSql() {}

  /**
   * Sets what the config says, and removes what else is set for these roles, in one transaction: no
   * session starts with half of it.
   */
  static String of(PostgresConfig config, Collection<SqlRole> roles) {
    var byDatabase = byDatabase(config, roles);
    var names = byDatabase.values().stream().flatMap(it -> it.keySet().stream()).sorted().toList();
    var lines = new StringBuilder();
    byDatabase.forEach(
        (database, settings) ->
            settings.forEach(
                (role, values) ->
                    values.forEach(
                        (setting, value) ->
                            lines.append(
                                "ALTER ROLE \"%s\" IN DATABASE \"%s\" SET %s = %s;\n"
                                    .formatted(role, database, setting, value)))));
    return """
        -- What the sessions of functions and migrations start with.
        BEGIN;
        SELECT format('ALTER ROLE %%I %%s RESET ALL', rolname, 'IN DATABASE ' || quote_ident(datname))
          FROM pg_db_role_setting s
          JOIN pg_roles r ON r.oid = setrole
          LEFT JOIN pg_database d ON d.oid = setdatabase
          WHERE rolname = ANY ('{%s}') \\gexec
        %sCOMMIT;
        """
        .formatted(String.join(",", names), lines);
  }

  /**
   * Changes when something does that a new session of one of the database's roles starts with, so
   * that PgBouncer knows which connections are from before.
   */
  static String checksum(String database, PostgresConfig config, Collection<SqlRole> roles) {
    return Checksums.of(
        Optional.ofNullable(config.databases().get(database))
            .map(it -> byRole(database, it, roles))
            .orElseGet(TreeMap::new)
            .toString());
  }

  private static SortedMap<String, SortedMap<String, Map<String, String>>> byDatabase(
      PostgresConfig config, Collection<SqlRole> roles) {
    var all = new TreeMap<String, SortedMap<String, Map<String, String>>>();
    config.databases().forEach((name, database) -> all.put(name, byRole(name, database, roles)));
    return all;
  }

  private static SortedMap<String, Map<String, String>> byRole(
      String name, DatabaseConfig database, Collection<SqlRole> roles) {
    var ofRoles = new TreeMap<String, Map<String, String>>();
    roles.stream()
        .filter(role -> role.database().equals(name))
        .forEach(
            role -> role.names().forEach(it -> ofRoles.put(it, values(database, role.settings()))));
    database
        .migrations()
        .ifPresent(
            folder -> ofRoles.put(SqlRole.migrator(name), values(database, RoleSettings.NONE)));
    return ofRoles;
  }

  private static Map<String, String> values(DatabaseConfig database, RoleSettings settings) {
    var values = new LinkedHashMap<String, String>();
    values.put("search_path", searchPath(database));
    settings.statementTimeout().ifPresent(it -> values.put("statement_timeout", millis(it)));
    settings.lockTimeout().ifPresent(it -> values.put("lock_timeout", millis(it)));
    settings
        .idleInTransactionSessionTimeout()
        .ifPresent(it -> values.put("idle_in_transaction_session_timeout", millis(it)));
    settings
        .workMem()
        .ifPresent(it -> values.put("work_mem", "'%dkB'".formatted(it.bytes() >> 10)));
    settings
        .defaultTransactionIsolation()
        .ifPresent(it -> values.put("default_transaction_isolation", isolation(it)));
    return values;
  }

  /** The schemas of the config in its order, and no others; at the end that of extensions. */
  private static String searchPath(DatabaseConfig database) {
    var schemas = new ArrayList<>(database.schemas());
    schemas.add(RolesSql.EXTENSIONS_SCHEMA);
    return List.copyOf(schemas).stream()
        .distinct()
        .map("\"%s\""::formatted)
        .collect(Collectors.joining(", "));
  }

  private static String millis(Duration duration) {
    return "'%dms'".formatted(duration.toMillis());
  }

  private static String isolation(Isolation isolation) {
    return "'%s'".formatted(isolation.name().toLowerCase(Locale.ROOT).replace('_', ' '));
  }
}
