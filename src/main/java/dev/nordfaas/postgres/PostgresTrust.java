package dev.nordfaas.postgres;

import com.pulumi.kubernetes.core.v1.inputs.EnvVarArgs;
import com.pulumi.kubernetes.core.v1.inputs.KeyToPathArgs;
import com.pulumi.kubernetes.core.v1.inputs.SecretVolumeSourceArgs;
import com.pulumi.kubernetes.core.v1.inputs.VolumeArgs;
import com.pulumi.kubernetes.core.v1.inputs.VolumeMountArgs;
import dev.nordfaas.manifest.Env;
import dev.nordfaas.manifest.Volumes;
import dev.nordfaas.tls.ServerTls;
import java.util.List;

/** How a pod of PostgreSQL's own namespace verifies PostgreSQL and PgBouncer. */
final class PostgresTrust {
  private static final String NAME = "postgres-ca";
  private static final String PATH = "/etc/postgres-ca";

  /** The authority's certificate. */
  static final String FILE = PATH + "/" + ServerTls.CA_FILE;

  private PostgresTrust() {}

  /** The certificate, from a Secret whose other keys are not mounted. */
  static VolumeArgs volume() {
    return VolumeArgs.builder()
        .name(NAME)
        .secret(
            SecretVolumeSourceArgs.builder()
                .secretName(PostgresManifests.TLS)
                .defaultMode(Volumes.GROUP_READABLE)
                .items(
                    KeyToPathArgs.builder().key(ServerTls.CA_FILE).path(ServerTls.CA_FILE).build())
                .build())
        .build();
  }

  static VolumeMountArgs mount() {
    return Volumes.mountReadOnly(NAME, PATH);
  }

  /** The variables of libpq and compatible clients. */
  static List<EnvVarArgs> env() {
    return List.of(Env.value("PGSSLMODE", "verify-full"), Env.value("PGSSLROOTCERT", FILE));
  }
}
