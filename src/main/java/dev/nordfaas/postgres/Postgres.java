package dev.nordfaas.postgres;

import dev.nordfaas.manifest.Labels;
import dev.nordfaas.manifest.Namespaces;

/** Names, labels and ports of PostgreSQL and PgBouncer. */
public final class Postgres {
  /** Name of PostgreSQL's Service and StatefulSet. */
  static final String NAME = "postgres";

  /** Name of PgBouncer's Service and Deployment. */
  static final String POOLER = "pgbouncer";

  /** Name of the ConfigMap and the Job that create databases and roles. */
  static final String ROLES = "postgres-roles";

  static final Labels LABELS = new Labels(NAME, "database");
  static final Labels POOLER_LABELS = new Labels(POOLER, "database");
  static final Labels ROLES_LABELS = new Labels(ROLES, "database");

  /** TCP port of PostgreSQL. */
  public static final int PORT = 5432;

  /** The administrator, who never comes through the pooler. */
  public static final String SUPERUSER = "postgres";

  /** The role with which PgBouncer asks PostgreSQL for the verifiers of the others. */
  public static final String POOLER_ROLE = "pgbouncer";

  private Postgres() {}

  /**
   * The connection string of one role.
   *
   * @param role name of the SQL role
   * @param password its password, of letters and digits only
   */
  public static String dsn(SqlRole role, String password, int poolerPort) {
    return "postgresql://%s:%s@%s.%s.svc.cluster.local:%d/%s"
        .formatted(role.name(), password, POOLER, Namespaces.POSTGRES, poolerPort, role.database());
  }
}
