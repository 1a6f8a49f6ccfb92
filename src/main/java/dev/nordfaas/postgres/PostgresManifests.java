package dev.nordfaas.postgres;

import com.pulumi.core.Output;
import com.pulumi.kubernetes.core.v1.ConfigMapArgs;
import com.pulumi.kubernetes.core.v1.NamespaceArgs;
import com.pulumi.kubernetes.core.v1.SecretArgs;
import com.pulumi.kubernetes.core.v1.ServiceArgs;
import com.pulumi.kubernetes.core.v1.inputs.ServicePortArgs;
import com.pulumi.kubernetes.core.v1.inputs.ServiceSpecArgs;
import com.pulumi.kubernetes.meta.v1.inputs.ObjectMetaArgs;
import com.pulumi.kubernetes.networking.v1.NetworkPolicyArgs;
import dev.nordfaas.config.PostgresConfig;
import dev.nordfaas.manifest.ClusterNetworks;
import dev.nordfaas.manifest.Metadata;
import dev.nordfaas.manifest.Namespaces;
import dev.nordfaas.manifest.NetworkPeer;
import dev.nordfaas.manifest.NetworkPolicies;
import dev.nordfaas.manifest.PodNetworkPolicy;
import dev.nordfaas.manifest.RestrictedNamespace;
import dev.nordfaas.tls.TlsSecret;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The Kubernetes objects around PostgreSQL; {@link PostgresStatefulSet} has the server. */
public final class PostgresManifests {
  /** Name of the ConfigMap with PostgreSQL's config files. */
  static final String CONFIG = "postgres-config";

  static final String CONFIG_FILE = "postgresql.conf";
  static final String HBA_FILE = "pg_hba.conf";

  /** Name of the Secret with the administrator's password. */
  static final String SUPERUSER = "postgres-superuser";

  static final String PASSWORD_KEY = "password";

  /** Name of the Secret with keys and certificate of the server. */
  public static final String TLS = "postgres-tls";

  private PostgresManifests() {}

  public static NamespaceArgs namespace() {
    return RestrictedNamespace.of(Namespaces.POSTGRES, Postgres.LABELS);
  }

  /** Denies what the policies of the namespace do not allow. */
  public static NetworkPolicyArgs defaultDeny() {
    return NetworkPolicies.defaultDeny(Namespaces.POSTGRES, Postgres.LABELS);
  }

  /**
   * PgBouncer and the Jobs for roles and backups may connect, and Prometheus to the exporter;
   * PostgreSQL itself may only connect to the store of its backups.
   */
  public static PodNetworkPolicy networkPolicy(PostgresConfig config, ClusterNetworks networks) {
    var clients = new ArrayList<>(List.of(Postgres.POOLER_LABELS, Postgres.ROLES_LABELS));
    config.backup().ifPresent(backup -> clients.add(Postgres.BACKUP_LABELS));
    var ingress =
        new ArrayList<>(
            List.of(
                NetworkPolicies.from(
                    clients.stream()
                        .map(labels -> NetworkPolicies.pods(Namespaces.POSTGRES, labels.selector()))
                        .toList(),
                    Postgres.PORT)));
    config
        .exporterImage()
        .ifPresent(
            image ->
                ingress.add(
                    NetworkPolicies.from(NetworkPolicies.METRICS_CLIENTS, Postgres.METRICS_PORT)));
    return NetworkPolicies.allow(
        Namespaces.POSTGRES,
        Postgres.NAME,
        Postgres.LABELS,
        ingress,
        config.backup().map(backup -> BackupManifests.toStore(backup, networks)).orElse(List.of()));
  }

  /**
   * The files of the ConfigMap: those of the server and of its exporter.
   *
   * @param maxConnections {@link ConnectionBudget#maxConnections()}
   */
  public static SortedMap<String, String> files(PostgresConfig config, int maxConnections) {
    var files = new TreeMap<String, String>();
    files.put(CONFIG_FILE, PostgresConf.postgresqlConf(config, maxConnections));
    files.put(HBA_FILE, PostgresConf.pgHba(config));
    PostgresExporter.queries(config)
        .ifPresent(queries -> files.put(PostgresExporter.QUERIES_FILE, queries));
    return files;
  }

  /** The config files. */
  public static ConfigMapArgs configMap(Map<String, String> files) {
    return ConfigMapArgs.builder()
        .metadata(Metadata.of(Namespaces.POSTGRES, CONFIG, Postgres.LABELS))
        .data(files)
        .build();
  }

  /** The administrator's password. The image reads it once, when it creates the database. */
  public static SecretArgs superuser(Output<String> password) {
    return SecretArgs.builder()
        .metadata(Metadata.of(Namespaces.POSTGRES, SUPERUSER, Postgres.LABELS))
        .type("Opaque")
        .stringData(password.applyValue(text -> Map.of(PASSWORD_KEY, text)).asSecret())
        .build();
  }

  /**
   * Keys and certificate of the server.
   *
   * @param labels of the Secret, which an operator may look for
   */
  public static SecretArgs tls(Output<PostgresTls> tls, Map<String, String> labels) {
    return TlsSecret.of(
        ObjectMetaArgs.builder().namespace(Namespaces.POSTGRES).name(TLS).labels(labels).build(),
        tls.applyValue(PostgresTls::server));
  }

  /**
   * The Service. Its address outlives the pod, so that PgBouncer does not have to look it up again.
   */
  public static ServiceArgs service() {
    return ServiceArgs.builder()
        .metadata(Metadata.of(Namespaces.POSTGRES, Postgres.NAME, Postgres.LABELS))
        .spec(
            ServiceSpecArgs.builder()
                .selector(Postgres.LABELS.selector())
                .ports(
                    ServicePortArgs.builder()
                        .name("postgres")
                        .port(Postgres.PORT)
                        .targetPort("postgres")
                        .build())
                .build())
        .build();
  }

  /** The pods of PostgreSQL. */
  public static NetworkPeer pods() {
    return NetworkPolicies.pods(Namespaces.POSTGRES, Postgres.LABELS.selector());
  }
}
