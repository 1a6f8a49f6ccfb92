package dev.nordfaas.policy;

import dev.nordfaas.config.KeyPath;
import dev.nordfaas.config.Problems;
import dev.nordfaas.config.Rule;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.postgres.SqlRole;
import java.util.Set;

/** A database's name is free in PostgreSQL and PgBouncer, whose console is a database too. */
final class DatabaseNameRule implements Rule {
  private static final Set<String> TAKEN =
      Set.of("pgbouncer", "postgres", "template0", "template1");
  private static final String FIX = "choose another name";

  @Override
  public void check(StackConfig config, Problems problems) {
    for (var name : config.postgres().databases().keySet()) {
      var path = KeyPath.of("postgres", "databases", name);
      if (TAKEN.contains(name)) {
        problems.add(path, "there is a database of this name already", FIX);
      }
      if (name.startsWith(SqlRole.RESERVED_PREFIX)) {
        problems.add(
            path,
            "PostgreSQL reserves the roles that begin with pg_, as the one of its owner would",
            FIX);
      }
    }
  }
}
