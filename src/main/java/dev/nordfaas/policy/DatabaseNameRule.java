package dev.nordfaas.policy;

import dev.nordfaas.config.PostgresConfig.DatabaseConfig;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.plan.Plan;
import dev.nordfaas.postgres.PgBouncerIni;
import dev.nordfaas.postgres.RolesSql;
import dev.nordfaas.postgres.SqlRole;
import java.util.Set;

/**
 * Names of databases and schemas are not taken in PostgreSQL or PgBouncer, whose console is a
 * database too.
 */
final class DatabaseNameRule implements Rule {
  private static final Set<String> TAKEN =
      Set.of("pgbouncer", "postgres", "template0", "template1");
  private static final Set<String> SCHEMAS =
      Set.of("information_schema", "nordfaas", "pgbouncer", RolesSql.EXTENSIONS_SCHEMA);
  private static final String FIX = "choose another name";

  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    for (var name : config.postgres().databases().keySet()) {
      var path = KeyPath.of("postgres", "databases", name);
      if (TAKEN.contains(name)) {
        problems.add(path, "a database of this name already exists", FIX);
      }
      if (name.startsWith(SqlRole.RESERVED_PREFIX)) {
        problems.add(
            path, "PostgreSQL reserves role names that begin with pg_, as its owner's would", FIX);
      }
      if (name.endsWith(PgBouncerIni.MIGRATIONS_SUFFIX)) {
        problems.add(
            path,
            "names that end in %s are reserved for migrations through PgBouncer"
                .formatted(PgBouncerIni.MIGRATIONS_SUFFIX),
            FIX);
      }
      checkSchemas(path.key("schemas"), config.postgres().databases().get(name), problems);
    }
  }

  private static void checkSchemas(KeyPath path, DatabaseConfig database, Problems problems) {
    for (var i = 0; i < database.schemas().size(); i++) {
      var schema = database.schemas().get(i);
      if (SCHEMAS.contains(schema) || schema.startsWith(SqlRole.RESERVED_PREFIX)) {
        problems.add(
            path.index(i),
            "schema %s is reserved by PostgreSQL or nordfaas".formatted(schema),
            FIX);
      }
    }
  }
}
