package dev.nordfaas.postgres;

import com.pulumi.core.Output;
import com.pulumi.kubernetes.core.v1.SecretArgs;
import com.pulumi.kubernetes.core.v1.inputs.ContainerArgs;
import com.pulumi.kubernetes.core.v1.inputs.ContainerPortArgs;
import com.pulumi.kubernetes.core.v1.inputs.VolumeArgs;
import com.pulumi.kubernetes.core.v1.inputs.VolumeMountArgs;
import dev.nordfaas.config.PostgresConfig;
import dev.nordfaas.manifest.Command;
import dev.nordfaas.manifest.Env;
import dev.nordfaas.manifest.Metadata;
import dev.nordfaas.manifest.Namespaces;
import dev.nordfaas.manifest.Requests;
import dev.nordfaas.manifest.Scripts;
import dev.nordfaas.manifest.SecurityContexts;
import dev.nordfaas.manifest.Volumes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The container next to PostgreSQL that exports its metrics, and those of backups, to Prometheus.
 */
public final class PostgresExporter {
  /** Connections that it may have; it uses two, and a third while one is being replaced. */
  public static final int CONNECTIONS = 3;

  static final String QUERIES_FILE = "exporter-queries.yaml";

  /** Name of the Secret with the password of {@link Postgres#METRICS_ROLE}. */
  private static final String NAME = "postgres-exporter";

  private static final String PASSWORD_PATH = "/etc/postgres-exporter";

  /** Requests equal to the limits, so that the pod keeps the QoS class Guaranteed. */
  public static final Requests REQUESTS = Requests.ofContainer(50, 64);

  private PostgresExporter() {}

  /** The password, in the file that the exporter reads it from. */
  public static SecretArgs secret(Output<String> password) {
    return SecretArgs.builder()
        .metadata(Metadata.of(Namespaces.POSTGRES, NAME, Postgres.LABELS))
        .type("Opaque")
        .stringData(
            password.applyValue(text -> Map.of(PostgresManifests.PASSWORD_KEY, text)).asSecret())
        .build();
  }

  /** Queries of the exporter besides its built-in ones; empty without backups. */
  public static Optional<String> queries(PostgresConfig config) {
    return config
        .exporterImage()
        .flatMap(image -> config.backup())
        .map(backup -> Scripts.read(PostgresExporter.class, QUERIES_FILE));
  }

  /** Queries the server of its own pod, over TLS like all other clients. */
  static ContainerArgs of(PostgresConfig config, String image) {
    return ContainerArgs.builder()
        .name("exporter")
        .image(image)
        .args(Command.of(arguments(config)))
        .env(
            Env.value(
                "DATA_SOURCE_PASS_FILE", PASSWORD_PATH + "/" + PostgresManifests.PASSWORD_KEY),
            Env.value("DATA_SOURCE_URI", uri(Postgres.PORT, PostgresTrust.FILE)),
            Env.value("DATA_SOURCE_USER", Postgres.METRICS_ROLE),
            Env.value("GOMEMLIMIT", "54MiB"))
        .ports(
            ContainerPortArgs.builder()
                .name("metrics")
                .containerPort(Postgres.METRICS_PORT)
                .build())
        .resources(REQUESTS.guaranteed())
        .securityContext(SecurityContexts.container())
        .volumeMounts(mounts())
        .build();
  }

  /** Where the server is, without user and password. */
  static String uri(int port, String authority) {
    return "127.0.0.1:%d/%s?sslmode=verify-full&sslrootcert=%s&connect_timeout=5&application_name=%s"
        .formatted(port, RolesSql.MAINTENANCE_DATABASE, authority, NAME);
  }

  /** The functions' tables are in databases that the exporter does not connect to. */
  static List<String> arguments(PostgresConfig config) {
    var arguments =
        new ArrayList<>(
            List.of(
                "--web.listen-address=:" + Postgres.METRICS_PORT,
                "--no-collector.stat_user_tables",
                "--no-collector.statio_user_tables"));
    queries(config)
        .ifPresent(
            queries ->
                arguments.add(
                    "--extend.query-path=" + PostgresStatefulSet.CONFIG_PATH + "/" + QUERIES_FILE));
    return arguments;
  }

  /** The volumes of PostgreSQL's pod. */
  static List<VolumeArgs> volumes() {
    return List.of(Volumes.secret(NAME), PostgresTrust.volume());
  }

  private static List<VolumeMountArgs> mounts() {
    return List.of(
        Volumes.mountReadOnly(PostgresManifests.CONFIG, PostgresStatefulSet.CONFIG_PATH),
        Volumes.mountReadOnly(NAME, PASSWORD_PATH),
        PostgresTrust.mount());
  }
}
