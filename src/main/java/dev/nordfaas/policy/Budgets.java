package dev.nordfaas.policy;

import dev.nordfaas.config.StackConfig;
import dev.nordfaas.postgres.ConnectionBudget;
import dev.nordfaas.postgres.SqlRole;
import java.util.ArrayList;

/** The budget of connections of a whole stack. */
final class Budgets {
  private Budgets() {}

  static ConnectionBudget of(StackConfig config) {
    var roles = new ArrayList<SqlRole>();
    config
        .functions()
        .forEach(
            (name, function) ->
                function.database().ifPresent(access -> roles.add(SqlRole.of(name, access))));
    return ConnectionBudget.of(config.postgres(), roles);
  }
}
