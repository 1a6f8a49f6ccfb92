package dev.nordfaas.postgres;

import dev.nordfaas.manifest.Namespaces;
import dev.nordfaas.tls.ServerTls;
import dev.nordfaas.tls.TlsIdentity;
import java.util.List;
import java.util.stream.Stream;

/**
 * TLS from the functions to PgBouncer and from there to PostgreSQL: one authority, two servers.
 *
 * @param server of PostgreSQL
 * @param pooler of PgBouncer
 */
public record PostgresTls(ServerTls server, ServerTls pooler) {
  private static final String AUTHORITY = "nordfaas PostgreSQL CA";

  /** Purpose of the authority's key, which is the same for both. */
  private static final String PURPOSE = "postgres";

  /** For ports that are forwarded to a workstation. */
  private static final List<String> FORWARDED = List.of("localhost");

  private static final List<String> LOOPBACK = List.of("127.0.0.1");

  /** Also for a cluster: the Services for writing, for reading, and for any instance. */
  private static final TlsIdentity SERVER =
      identity(
          Postgres.NAME,
          Postgres.NAME,
          Postgres.NAME + "-rw",
          Postgres.NAME + "-ro",
          Postgres.NAME + "-r");

  private static final TlsIdentity POOLER = identity(Postgres.POOLER, Postgres.POOLER);

  /**
   * Derives keys and certificates.
   *
   * @param caSecret secret that the authority's key is derived from; clients have to trust a new
   *     one
   * @param serverSecret secret that PostgreSQL's key is derived from
   * @param poolerSecret secret that PgBouncer's key is derived from
   */
  public static PostgresTls of(String caSecret, String serverSecret, String poolerSecret) {
    return new PostgresTls(
        ServerTls.of(SERVER, caSecret, serverSecret), ServerTls.of(POOLER, caSecret, poolerSecret));
  }

  /** The authority's certificate, for clients; not a secret. */
  public String caCertificate() {
    return server.caCertificate();
  }

  private static TlsIdentity identity(String server, String... services) {
    return new TlsIdentity(
        PURPOSE,
        AUTHORITY,
        server,
        Stream.concat(Stream.of(services).flatMap(PostgresTls::namesOf), FORWARDED.stream())
            .toList(),
        LOOPBACK);
  }

  private static Stream<String> namesOf(String service) {
    var inCluster = service + "." + Namespaces.POSTGRES;
    return Stream.of(service, inCluster, inCluster + ".svc", inCluster + ".svc.cluster.local");
  }
}
