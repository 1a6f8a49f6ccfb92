package dev.nordfaas.postgres;

import com.pulumi.core.Output;
import com.pulumi.kubernetes.batch.v1.JobArgs;
import com.pulumi.kubernetes.core.v1.ConfigMapArgs;
import com.pulumi.kubernetes.core.v1.SecretArgs;
import com.pulumi.kubernetes.core.v1.inputs.ContainerArgs;
import dev.nordfaas.config.PostgresConfig;
import dev.nordfaas.manifest.Env;
import dev.nordfaas.manifest.Metadata;
import dev.nordfaas.manifest.Namespaces;
import dev.nordfaas.manifest.NetworkPeer;
import dev.nordfaas.manifest.NetworkPolicies;
import dev.nordfaas.manifest.PodNetworkPolicy;
import dev.nordfaas.manifest.ScriptJob;
import dev.nordfaas.manifest.Scripts;
import dev.nordfaas.tls.ServerTls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The Job that runs {@link MigrationsSql}: through PgBouncer's session pools, as roles that may
 * only become the owners of their databases. Each database has a container of its own, with no
 * password but its own: {@code psql} lets a migration run any program in it.
 */
public final class MigrationsJob {
  private static final String PASSWORDS = "postgres-migrator-passwords";
  private static final String SCRIPT = "migrations.sh";

  /** The user {@code postgres} of the image. */
  private static final int UID = 999;

  /** A migration may have to fill a table. */
  public static final Duration LONGEST = Duration.ofMinutes(9);

  private static final ScriptJob JOB =
      new ScriptJob(
          Namespaces.POSTGRES,
          Postgres.MIGRATIONS,
          Postgres.MIGRATIONS_LABELS,
          UID,
          SCRIPT,
          LONGEST);

  private MigrationsJob() {}

  /** The files that the Job reads. */
  public static SortedMap<String, String> files(Map<String, List<Migration>> migrations) {
    var files = new TreeMap<>(MigrationsSql.files(migrations));
    for (var script : List.of(SCRIPT, RolesJob.WAIT_SCRIPT)) {
      files.put(script, Scripts.read(MigrationsJob.class, script));
    }
    return files;
  }

  /** The ConfigMap with the files. */
  public static ConfigMapArgs configMap(Map<String, String> files) {
    return JOB.configMap(files);
  }

  /** The Secret with the passwords, by {@link SqlRole#passwordVariable(String)}. */
  public static SecretArgs secret(Output<Map<String, String>> passwords) {
    return SecretArgs.builder()
        .metadata(Metadata.of(Namespaces.POSTGRES, PASSWORDS, Postgres.MIGRATIONS_LABELS))
        .type("Opaque")
        .stringData(passwords.asSecret())
        .build();
  }

  /**
   * The Job may connect to PgBouncer, or to the primary of a cluster.
   *
   * @param server the pods that it connects to
   */
  public static PodNetworkPolicy networkPolicy(PostgresConfig config, NetworkPeer server) {
    return NetworkPolicies.allow(
        Namespaces.POSTGRES,
        Postgres.MIGRATIONS,
        Postgres.MIGRATIONS_LABELS,
        List.of(),
        List.of(NetworkPolicies.to(List.of(server), Postgres.poolerPodPort(config))));
  }

  /**
   * The Job.
   *
   * @param databases the databases that have migrations
   * @param checksums annotations, which change when the Job has to run again
   */
  public static JobArgs job(
      PostgresConfig config, List<String> databases, Output<Map<String, String>> checksums) {
    var containers = new ArrayList<ContainerArgs.Builder>();
    for (var database : databases) {
      var number = containers.size() + 1;
      var suffix = databases.size() == 1 ? "" : "-" + number;
      containers.add(container(config, database).name("migrations" + suffix));
    }
    return JOB.job(containers, checksums);
  }

  private static ContainerArgs.Builder container(PostgresConfig config, String database) {
    // The operator's PgBouncer has one mode for all databases.
    var direct = config.highAvailability();
    var role = SqlRole.migrator(database);
    return ContainerArgs.builder()
        .image(config.image())
        .env(
            Env.secret("CA_CERTIFICATE", PostgresManifests.TLS, ServerTls.CA_FILE),
            Env.value("DATABASE", database),
            Env.value("PGAPPNAME", Postgres.MIGRATIONS),
            Env.value("PGCONNECT_TIMEOUT", "10"),
            Env.value("PGDATABASE", database + (direct ? "" : PgBouncerIni.MIGRATIONS_SUFFIX)),
            Env.value("PGHOST", direct ? Postgres.host(config) : Postgres.POOLER),
            Env.secret("PGPASSWORD", PASSWORDS, SqlRole.passwordVariable(role)),
            Env.value("PGPORT", Integer.toString(direct ? Postgres.PORT : config.pooler().port())),
            Env.value("PGSSLMODE", "verify-full"),
            Env.value("PGUSER", role));
  }
}
