package dev.nordfaas.components;

import com.pulumi.resources.ResourceArgs;
import dev.nordfaas.config.FunctionConfig.DatabaseAccess;
import dev.nordfaas.config.PostgresConfig;
import dev.nordfaas.manifest.ClusterNetworks;
import dev.nordfaas.postgres.MigrationFolder;
import dev.nordfaas.postgres.Postgres;
import dev.nordfaas.postgres.SqlRole;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Inputs of {@link PooledPostgres}. */
public final class PooledPostgresArgs extends ResourceArgs {
  /** PostgreSQL silently truncates longer names. */
  private static final int MAX_NAME = 63;

  private final PostgresConfig config;
  private final SortedMap<String, SqlRole> roles;
  private final SortedMap<String, Integer> passwordVersions;
  private final Map<String, MigrationFolder> migrations;
  private final ClusterNetworks networks;

  private PooledPostgresArgs(
      PostgresConfig config,
      SortedMap<String, SqlRole> roles,
      SortedMap<String, Integer> passwordVersions,
      Map<String, MigrationFolder> migrations,
      ClusterNetworks networks) {
    this.config = config;
    this.passwordVersions = Collections.unmodifiableSortedMap(passwordVersions);
    this.roles = Collections.unmodifiableSortedMap(roles);
    this.migrations = Map.copyOf(migrations);
    this.networks = networks;
  }

  public static Builder builder() {
    return new Builder();
  }

  PostgresConfig config() {
    return config;
  }

  /** The SQL roles by function. */
  SortedMap<String, SqlRole> roles() {
    return roles;
  }

  /** Which of its passwords, counted from 1, each function has. */
  SortedMap<String, Integer> passwordVersions() {
    return passwordVersions;
  }

  /** The migrations by database. */
  Map<String, MigrationFolder> migrations() {
    return migrations;
  }

  /** Which addresses are the cluster's own. */
  ClusterNetworks networks() {
    return networks;
  }

  /** Builds PooledPostgresArgs. */
  public static final class Builder {
    private @Nullable PostgresConfig config;
    private Map<String, DatabaseAccess> roles = Map.of();
    private Map<String, MigrationFolder> migrations = Map.of();
    private ClusterNetworks networks = ClusterNetworks.UNKNOWN;

    private Builder() {}

    /** The section {@code postgres} of the stack config. Required. */
    public Builder config(PostgresConfig config) {
      this.config = config;
      return this;
    }

    /** The access of each function that uses a database, by function. Default: none. */
    public Builder roles(Map<String, DatabaseAccess> accessByFunction) {
      this.roles = accessByFunction;
      return this;
    }

    /** The migration folder of each database that has one. Default: none. */
    public Builder migrations(Map<String, MigrationFolder> folders) {
      this.migrations = folders;
      return this;
    }

    /** Which addresses are the cluster's own. Default: only those of links. */
    public Builder networks(ClusterNetworks networks) {
      this.networks = networks;
      return this;
    }

    /**
     * The inputs.
     *
     * @throws IllegalArgumentException if the config is missing, a function's database is not in
     *     the config, or a name cannot be that of a role in PostgreSQL
     */
    public PooledPostgresArgs build() {
      var config = Required.argument("PooledPostgres", "config", this.config);
      var taken = taken(config);
      var result = new TreeMap<String, SqlRole>();
      roles.forEach((function, access) -> result.put(function, SqlRole.of(function, access)));
      for (var role : result.entrySet()) {
        check(config, taken, role.getKey(), role.getValue());
      }
      var versions = new TreeMap<String, Integer>();
      roles.forEach((function, access) -> versions.put(function, access.passwordVersion()));
      return new PooledPostgresArgs(config, result, versions, migrations, networks);
    }

    private static Set<String> taken(PostgresConfig config) {
      var names = new HashSet<>(Postgres.RESERVED_ROLES);
      for (var database : config.databases().keySet()) {
        names.addAll(SqlRole.ofDatabase(database));
        if (SqlRole.migrator(database).length() > MAX_NAME) {
          throw new IllegalArgumentException(
              "PooledPostgresArgs: database '%s' needs a name of at most 54 characters, so that its roles have at most 63"
                  .formatted(database));
        }
      }
      return names;
    }

    private static void check(
        PostgresConfig config, Set<String> taken, String function, SqlRole role) {
      if (taken.contains(role.name()) || role.name().startsWith(SqlRole.RESERVED_PREFIX)) {
        throw new IllegalArgumentException(
            "PooledPostgresArgs: function '%s' cannot use a database under this name: PostgreSQL has or reserves a role '%s'"
                .formatted(function, role.name()));
      }
      if (!config.databases().containsKey(role.database())) {
        throw new IllegalArgumentException(
            "PooledPostgresArgs: function '%s' uses database '%s', which is not in the config"
                .formatted(function, role.database()));
      }
    }
  }
}
