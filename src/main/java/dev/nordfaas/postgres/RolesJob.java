package dev.nordfaas.postgres;

import com.pulumi.core.Output;
import com.pulumi.kubernetes.batch.v1.JobArgs;
import com.pulumi.kubernetes.core.v1.ConfigMapArgs;
import com.pulumi.kubernetes.core.v1.SecretArgs;
import com.pulumi.kubernetes.core.v1.inputs.ContainerArgs;
import com.pulumi.kubernetes.core.v1.inputs.EnvFromSourceArgs;
import com.pulumi.kubernetes.core.v1.inputs.SecretEnvSourceArgs;
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
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The Job that runs {@link RolesSql}. */
public final class RolesJob {
  /** Name of the Secret with the passwords of all roles. */
  private static final String PASSWORDS = "postgres-role-passwords";

  private static final String SCRIPT = "roles.sh";

  /** Script with which all others wait for the server. */
  static final String WAIT_SCRIPT = "wait.sh";

  /** The user {@code postgres} of the image. */
  private static final int UID = 999;

  private static final ScriptJob JOB =
      new ScriptJob(Namespaces.POSTGRES, Postgres.ROLES, Postgres.ROLES_LABELS, UID, SCRIPT);

  private RolesJob() {}

  /** The files that the Job reads. */
  public static SortedMap<String, String> files(PostgresConfig config, Collection<SqlRole> roles) {
    var files = new TreeMap<>(RolesSql.files(config, roles));
    for (var script : List.of(SCRIPT, WAIT_SCRIPT)) {
      files.put(script, Scripts.read(RolesJob.class, script));
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
        .metadata(Metadata.of(Namespaces.POSTGRES, PASSWORDS, Postgres.ROLES_LABELS))
        .type("Opaque")
        .stringData(passwords.asSecret())
        .build();
  }

  /**
   * The Job may connect to PostgreSQL.
   *
   * @param server the pods of PostgreSQL
   */
  public static PodNetworkPolicy networkPolicy(NetworkPeer server) {
    return NetworkPolicies.allow(
        Namespaces.POSTGRES,
        Postgres.ROLES,
        Postgres.ROLES_LABELS,
        List.of(),
        List.of(NetworkPolicies.to(List.of(server), Postgres.PORT)));
  }

  /**
   * The Job.
   *
   * @param host name of the Service of the server that accepts writes
   * @param image image with {@code psql} 15 or newer
   * @param checksums annotations, which change when the Job has to run again
   */
  public static JobArgs job(String host, String image, Output<Map<String, String>> checksums) {
    return JOB.job(
        ContainerArgs.builder()
            .name("roles")
            .image(image)
            .env(
                Env.secret("CA_CERTIFICATE", PostgresManifests.TLS, ServerTls.CA_FILE),
                Env.value("PGAPPNAME", Postgres.ROLES),
                Env.value("PGCONNECT_TIMEOUT", "10"),
                Env.value("PGDATABASE", RolesSql.MAINTENANCE_DATABASE),
                Env.value("PGHOST", host),
                Env.secret(
                    "PGPASSWORD", PostgresManifests.SUPERUSER, PostgresManifests.PASSWORD_KEY),
                Env.value("PGPORT", Integer.toString(Postgres.PORT)),
                Env.value("PGSSLMODE", "verify-full"),
                Env.value("PGUSER", Postgres.SUPERUSER))
            .envFrom(
                EnvFromSourceArgs.builder()
                    .secretRef(SecretEnvSourceArgs.builder().name(PASSWORDS).build())
                    .build()),
        checksums);
  }
}
