package dev.nordfaas.postgres;

import com.pulumi.core.Output;
import com.pulumi.kubernetes.core.v1.ConfigMapArgs;
import com.pulumi.kubernetes.core.v1.SecretArgs;
import com.pulumi.kubernetes.core.v1.ServiceArgs;
import com.pulumi.kubernetes.core.v1.inputs.ServicePortArgs;
import com.pulumi.kubernetes.core.v1.inputs.ServiceSpecArgs;
import com.pulumi.kubernetes.meta.v1.inputs.LabelSelectorArgs;
import com.pulumi.kubernetes.meta.v1.inputs.ObjectMetaArgs;
import com.pulumi.kubernetes.policy.v1.PodDisruptionBudgetArgs;
import com.pulumi.kubernetes.policy.v1.inputs.PodDisruptionBudgetSpecArgs;
import dev.nordfaas.config.PostgresConfig.PoolerConfig;
import dev.nordfaas.manifest.Labels;
import dev.nordfaas.manifest.Metadata;
import dev.nordfaas.manifest.Namespaces;
import dev.nordfaas.manifest.NetworkPeer;
import dev.nordfaas.manifest.NetworkPolicies;
import dev.nordfaas.manifest.PodNetworkPolicy;
import dev.nordfaas.manifest.Scripts;
import dev.nordfaas.tls.TlsSecret;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The Kubernetes objects around PgBouncer; {@link PgBouncerDeployment} has the pods. */
public final class PoolerManifests {
  /** Name of the ConfigMap with {@code pgbouncer.ini}. */
  static final String CONFIG = "pgbouncer-config";

  /** Name of the Secret with {@code userlist.txt}. */
  static final String AUTH = "pgbouncer-auth";

  /** Name of the Secret with keys and certificate of PgBouncer. */
  public static final String TLS = "pgbouncer-tls";

  /** File with the number of files that PgBouncer has to be allowed to open. */
  static final String OPEN_FILES_FILE = "open-files";

  static final String SCRIPT_FILE = "pgbouncer.sh";
  static final String CONFIG_FILE = "pgbouncer.ini";
  static final String USERLIST_FILE = "userlist.txt";

  private PoolerManifests() {}

  /**
   * PgBouncer's settings, and how it is started.
   *
   * @param openFiles how many files the settings need
   */
  public static ConfigMapArgs configMap(String ini, int openFiles) {
    return ConfigMapArgs.builder()
        .metadata(Metadata.of(Namespaces.POSTGRES, CONFIG, Postgres.POOLER_LABELS))
        .data(
            Map.of(
                CONFIG_FILE,
                ini,
                OPEN_FILES_FILE,
                Integer.toString(openFiles) + "\n",
                SCRIPT_FILE,
                script()))
        .build();
  }

  /**
   * What PgBouncer does not reload: the script that starts it, and the settings that need a
   * restart.
   */
  public static String restartingPart(Settings settings) {
    return script() + settings.restartingPart();
  }

  private static String script() {
    return Scripts.read(PoolerManifests.class, SCRIPT_FILE);
  }

  /**
   * The file with the users that PgBouncer does not look up in PostgreSQL.
   *
   * @param password of PgBouncer's own role
   * @param metricsPassword of the exporter, if there is one
   */
  public static SecretArgs secret(
      Output<String> password, Optional<Output<String>> metricsPassword) {
    var metrics =
        metricsPassword.map(it -> it.applyValue(Optional::of)).orElse(Output.of(Optional.empty()));
    return SecretArgs.builder()
        .metadata(Metadata.of(Namespaces.POSTGRES, AUTH, Postgres.POOLER_LABELS))
        .type("Opaque")
        .stringData(
            Output.tuple(password, metrics)
                .applyValue(it -> Map.of(USERLIST_FILE, PgBouncerIni.userlist(it.t1, it.t2)))
                .asSecret())
        .build();
  }

  /**
   * Keys and certificate of PgBouncer.
   *
   * @param labels of the Secret, which an operator may look for
   */
  public static SecretArgs tls(Output<PostgresTls> tls, Map<String, String> labels) {
    return TlsSecret.of(
        ObjectMetaArgs.builder().namespace(Namespaces.POSTGRES).name(TLS).labels(labels).build(),
        tls.applyValue(PostgresTls::pooler));
  }

  /** The Service that functions connect to. */
  public static ServiceArgs service(int port) {
    return ServiceArgs.builder()
        .metadata(Metadata.of(Namespaces.POSTGRES, Postgres.POOLER, Postgres.POOLER_LABELS))
        .spec(
            ServiceSpecArgs.builder()
                .selector(Postgres.POOLER_LABELS.selector())
                .ports(
                    ServicePortArgs.builder()
                        .name("pgbouncer")
                        .port(port)
                        .targetPort("pgbouncer")
                        .build())
                .build())
        .build();
  }

  /** At most one PgBouncer may be away for maintenance of a node. */
  public static PodDisruptionBudgetArgs disruptionBudget() {
    return disruptionBudget(Postgres.POOLER_LABELS.selector());
  }

  /** The same for pods with other labels. */
  public static PodDisruptionBudgetArgs disruptionBudget(Map<String, String> pods) {
    return PodDisruptionBudgetArgs.builder()
        .metadata(Metadata.of(Namespaces.POSTGRES, Postgres.POOLER, Postgres.POOLER_LABELS))
        .spec(
            PodDisruptionBudgetSpecArgs.builder()
                .maxUnavailable(1)
                .selector(LabelSelectorArgs.builder().matchLabels(pods).build())
                .build())
        .build();
  }

  /** The pods of PgBouncer. */
  public static NetworkPeer pods() {
    return NetworkPolicies.pods(Namespaces.POSTGRES, Postgres.POOLER_LABELS.selector());
  }

  /**
   * Functions with the label and the migrations may connect to PgBouncer, Prometheus to the
   * exporter, and PgBouncer to PostgreSQL.
   */
  public static PodNetworkPolicy networkPolicy(PoolerConfig config) {
    var ingress =
        new ArrayList<>(
            List.of(
                NetworkPolicies.from(
                    List.of(
                        NetworkPolicies.pods(
                            Namespaces.FUNCTIONS, Map.of(Labels.POSTGRES_CLIENT, "true")),
                        NetworkPolicies.pods(
                            Namespaces.POSTGRES, Postgres.MIGRATIONS_LABELS.selector())),
                    config.port())));
    config
        .exporterImage()
        .ifPresent(
            image ->
                ingress.add(
                    NetworkPolicies.from(
                        NetworkPolicies.METRICS_CLIENTS, Postgres.POOLER_METRICS_PORT)));
    return NetworkPolicies.allow(
        Namespaces.POSTGRES,
        Postgres.POOLER,
        Postgres.POOLER_LABELS,
        ingress,
        List.of(NetworkPolicies.to(List.of(PostgresManifests.pods()), Postgres.PORT)));
  }
}
