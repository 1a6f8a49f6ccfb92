package dev.nordfaas.postgres;

import com.pulumi.kubernetes.core.v1.inputs.AffinityArgs;
import com.pulumi.kubernetes.core.v1.inputs.PodAffinityArgs;
import com.pulumi.kubernetes.core.v1.inputs.PodAffinityTermArgs;
import dev.nordfaas.config.ByteSize;
import dev.nordfaas.config.PostgresConfig;
import dev.nordfaas.manifest.DatabaseTrust;
import dev.nordfaas.manifest.Labels;
import dev.nordfaas.manifest.Metadata;
import dev.nordfaas.manifest.Namespaces;
import java.util.Set;

/** Names, labels and ports of PostgreSQL and PgBouncer. */
public final class Postgres {
  /** Name of PostgreSQL's Service and StatefulSet. */
  public static final String NAME = "postgres";

  /** Name of PgBouncer's Service and Deployment. */
  public static final String POOLER = "pgbouncer";

  /** Name of the ConfigMap and the Job that create databases and roles. */
  static final String ROLES = "postgres-roles";

  /** Name of the ConfigMap and the Job that apply the migrations. */
  static final String MIGRATIONS = "postgres-migrations";

  /** Name of the headless Service through which Prometheus finds PostgreSQL. */
  public static final String METRICS = NAME + "-metrics";

  /** Name of the headless Service through which Prometheus finds PgBouncer. */
  public static final String POOLER_METRICS = POOLER + "-metrics";

  /** Labels of PostgreSQL. */
  public static final Labels LABELS = new Labels(NAME, "database");

  /** Labels of PgBouncer. */
  public static final Labels POOLER_LABELS = new Labels(POOLER, "database");

  /** Labels of the Job that creates databases and roles. */
  public static final Labels ROLES_LABELS = new Labels(ROLES, "database");

  /** Labels of the Job that applies the migrations. */
  public static final Labels MIGRATIONS_LABELS = new Labels(MIGRATIONS, "database");

  /** Labels of the backup Jobs. */
  public static final Labels BACKUP_LABELS = new Labels(BackupManifests.NAME, "database");

  /** TCP port of PostgreSQL. */
  public static final int PORT = 5432;

  /** TCP port of PostgreSQL's metrics, without TLS: for Prometheus. */
  public static final int METRICS_PORT = 9187;

  /** TCP port of PgBouncer's metrics, without TLS: for Prometheus. */
  public static final int POOLER_METRICS_PORT = 9127;

  /** The administrator, which never goes through the pooler. */
  public static final String SUPERUSER = "postgres";

  /** The role that PgBouncer uses to look up the verifiers of the others. */
  public static final String POOLER_ROLE = "pgbouncer";

  /** The role that starts and ends backups. */
  public static final String BACKUP_ROLE = "backup";

  /**
   * The role of the exporter in PostgreSQL, and the user of the other one in PgBouncer's console.
   */
  public static final String METRICS_ROLE = "metrics";

  /** The roles that no function can have. */
  public static final Set<String> RESERVED_ROLES =
      Set.of(SUPERUSER, POOLER_ROLE, BACKUP_ROLE, METRICS_ROLE);

  /** Size of the scratch volume of the server's pod, and of a backup's. */
  public static final ByteSize SCRATCH = ByteSize.parse("64Mi");

  private Postgres() {}

  /**
   * Number of PostgreSQL servers: with three, one can fail and the others still have a majority.
   */
  public static int instances(PostgresConfig config) {
    return config.highAvailability() ? 3 : 1;
  }

  /** Name of the Service for PostgreSQL with write access. */
  public static String host(PostgresConfig config) {
    return config.highAvailability() ? NAME + "-rw" : NAME;
  }

  /** TCP port of the pods of PgBouncer, to which network policies apply. */
  public static int poolerPodPort(PostgresConfig config) {
    return config.highAvailability() ? PORT : config.pooler().port();
  }

  /**
   * The connection string of one role.
   *
   * @param role name of the SQL role
   * @param password its password, of letters and digits only
   */
  public static String dsn(SqlRole role, String password, int poolerPort) {
    return "postgresql://%s:%s@%s.%s.svc.cluster.local:%d/%s?sslmode=verify-full&sslrootcert=%s"
        .formatted(
            role.name(),
            password,
            POOLER,
            Namespaces.POSTGRES,
            poolerPort,
            role.database(),
            DatabaseTrust.PATH);
  }

  /** On the node of PostgreSQL, however many the cluster has. */
  static AffinityArgs nextToServer() {
    return AffinityArgs.builder()
        .podAffinity(
            PodAffinityArgs.builder()
                .requiredDuringSchedulingIgnoredDuringExecution(
                    PodAffinityTermArgs.builder()
                        .topologyKey(Labels.HOSTNAME)
                        .labelSelector(Metadata.selector(LABELS))
                        .build())
                .build())
        .build();
  }
}
