package dev.nordfaas.postgres;

import com.pulumi.core.Output;
import com.pulumi.kubernetes.core.v1.SecretArgs;
import com.pulumi.kubernetes.core.v1.inputs.ContainerArgs;
import com.pulumi.kubernetes.core.v1.inputs.ContainerPortArgs;
import dev.nordfaas.manifest.Command;
import dev.nordfaas.manifest.Env;
import dev.nordfaas.manifest.Metadata;
import dev.nordfaas.manifest.Namespaces;
import dev.nordfaas.manifest.Requests;
import dev.nordfaas.manifest.SecurityContexts;
import java.util.Map;

/** The container next to each PgBouncer that exports the data of its console to Prometheus. */
public final class PgBouncerExporter {
  /** Name of the Secret with the password of {@link Postgres#METRICS_ROLE} in the console. */
  /** Requests of the container. */
  public static final Requests REQUESTS = Requests.ofContainer(10, 32);

  private static final String NAME = "pgbouncer-exporter";

  private PgBouncerExporter() {}

  /** The password. */
  public static SecretArgs secret(Output<String> password) {
    return SecretArgs.builder()
        .metadata(Metadata.of(Namespaces.POSTGRES, NAME, Postgres.POOLER_LABELS))
        .type("Opaque")
        .stringData(
            password.applyValue(text -> Map.of(PostgresManifests.PASSWORD_KEY, text)).asSecret())
        .build();
  }

  /** Queries the PgBouncer of its own pod, over TLS like all other clients. */
  static ContainerArgs of(int poolerPort, String image) {
    return ContainerArgs.builder()
        .name("exporter")
        .image(image)
        .args(Command.of("--web.listen-address=:" + Postgres.POOLER_METRICS_PORT))
        .env(
            Env.value("GOMEMLIMIT", "54MiB"),
            Env.value(
                "PGBOUNCER_EXPORTER_CONNECTION_STRING",
                connectionString(poolerPort, PostgresTrust.FILE)),
            Env.secret("PGPASSWORD", NAME, PostgresManifests.PASSWORD_KEY))
        .ports(
            ContainerPortArgs.builder()
                .name("metrics")
                .containerPort(Postgres.POOLER_METRICS_PORT)
                .build())
        .resources(REQUESTS.limitedTo("64Mi"))
        .securityContext(SecurityContexts.container())
        .volumeMounts(PostgresTrust.mount())
        .build();
  }

  /** Where the console is, without the password. */
  static String connectionString(int port, String authority) {
    return "postgres://%s@127.0.0.1:%d/pgbouncer?sslmode=verify-full&sslrootcert=%s&connect_timeout=5&application_name=%s"
        .formatted(Postgres.METRICS_ROLE, port, authority, NAME);
  }
}
