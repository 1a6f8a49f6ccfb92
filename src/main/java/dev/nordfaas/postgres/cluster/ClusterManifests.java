package dev.nordfaas.postgres.cluster;

import com.pulumi.core.Output;
import com.pulumi.kubernetes.core.v1.SecretArgs;
import com.pulumi.kubernetes.meta.v1.inputs.ObjectMetaArgs;
import dev.nordfaas.config.ByteSize;
import dev.nordfaas.config.Cpu;
import dev.nordfaas.config.PostgresConfig;
import dev.nordfaas.config.ResourcesConfig;
import dev.nordfaas.customresource.CustomResourceArgs;
import dev.nordfaas.customresource.CustomResourceType;
import dev.nordfaas.manifest.Labels;
import dev.nordfaas.manifest.Metadata;
import dev.nordfaas.manifest.Namespaces;
import dev.nordfaas.manifest.Priority;
import dev.nordfaas.manifest.Resources;
import dev.nordfaas.manifest.Scraping;
import dev.nordfaas.postgres.ConnectionBudget;
import dev.nordfaas.postgres.PgBouncerIni;
import dev.nordfaas.postgres.PoolerManifests;
import dev.nordfaas.postgres.Postgres;
import dev.nordfaas.postgres.PostgresConf;
import dev.nordfaas.postgres.PostgresManifests;
import dev.nordfaas.postgres.RolesSql;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** PostgreSQL and PgBouncer as CloudNativePG's {@code Cluster} and {@code Pooler}. */
public final class ClusterManifests {
  /** TCP port on which an instance reports its status to the operator. */
  static final int STATUS_PORT = 8000;

  private static final String AUTH_SECRET = "pgbouncer-auth";
  private static final String SUPERUSER_SECRET = "postgres-superuser";

  /** Size of the volume to which the operator copies its program, of some 100 MB. */
  public static final ByteSize SCRATCH = ByteSize.parse("512Mi");

  /**
   * None: a smart shutdown refuses new connections and waits until the others end, which those of
   * PgBouncer do not. No standby is promoted before it is over.
   */
  private static final int SMART_SHUTDOWN_SECONDS = 0;

  /**
   * For so long a primary may be without the API server and a standby before it is restarted. They
   * are away together when a node is lost, until connections to the API server on it have timed
   * out. What such a primary could not do is commit: a commit is on two nodes. The operator's own
   * default is 30.
   */
  private static final int PRIMARY_ALONE_SECONDS = 120;

  private static final PoolerSpec.TopologySpread SPREAD =
      new PoolerSpec.TopologySpread(
          1,
          Labels.HOSTNAME,
          "ScheduleAnyway",
          new PoolerSpec.LabelSelector(Map.of("cnpg.io/poolerName", Postgres.POOLER)));

  private ClusterManifests() {}

  /** The administrator's password, in the operator's format. */
  public static SecretArgs superuser(Output<String> password) {
    return basicAuth(SUPERUSER_SECRET, Postgres.SUPERUSER, password);
  }

  /** The password of PgBouncer's own role, in the operator's format. */
  public static SecretArgs poolerAuth(Output<String> password) {
    return basicAuth(AUTH_SECRET, Postgres.POOLER_ROLE, password);
  }

  /** Labels of a Secret that the operator reloads when it changes. */
  public static Map<String, String> reloaded(Labels labels) {
    var all = new TreeMap<>(labels.all());
    all.put("cnpg.io/reload", "true");
    return all;
  }

  private static SecretArgs basicAuth(String name, String user, Output<String> password) {
    return SecretArgs.builder()
        .metadata(Metadata.of(Namespaces.POSTGRES, name, Postgres.LABELS))
        .type("kubernetes.io/basic-auth")
        .stringData(
            password.applyValue(text -> Map.of("username", user, "password", text)).asSecret())
        .build();
  }

  /**
   * The three instances, each on its own node.
   *
   * @param maxConnections {@link ConnectionBudget#maxConnections()}
   */
  public static CustomResourceArgs cluster(PostgresConfig config, int maxConnections) {
    return new CustomResourceArgs(
        CustomResourceType.CLUSTER,
        metadata(Postgres.NAME, Postgres.LABELS, "condition=Ready"),
        new ClusterSpec(
            Postgres.instances(config),
            config.image(),
            // The Job that creates databases and roles needs it.
            true,
            new ClusterSpec.NameReference(SUPERUSER_SECRET),
            new ClusterSpec.Bootstrap(initDb()),
            new ClusterSpec.Storage(
                config.storage().size().text(), config.storage().storageClass()),
            new ClusterSpec.EphemeralVolumesSizeLimit(SCRATCH.text()),
            // Requests equal to the limits: the last to be killed if a node runs out of memory.
            resources(config.resources(), Optional.of(config.resources().requests().cpu())),
            new ClusterSpec.PostgresqlSettings(
                Parameters.ofServer(PostgresConf.settings(config, maxConnections)),
                List.of("hostnossl all all all reject"),
                // A commit is on two nodes before it is acknowledged; a failover only chooses an
                // instance that is known to have it.
                new ClusterSpec.Synchronous("any", 1, "required", true)),
            new ClusterSpec.Affinity(true, Labels.HOSTNAME, "required"),
            Priority.PLATFORM.className(),
            "unsupervised",
            "switchover",
            SMART_SHUTDOWN_SECONDS,
            PRIMARY_ALONE_SECONDS,
            new ClusterSpec.Certificates(PostgresManifests.TLS, PostgresManifests.TLS),
            new ClusterSpec.InheritedMetadata(Scraping.at(Postgres.METRICS_PORT)),
            config.clusterBackup().flatMap(ClusterBackup::spec)));
  }

  /** The same as the single instance's; the operator adds its own database, {@code app}. */
  private static ClusterSpec.InitDb initDb() {
    return new ClusterSpec.InitDb(
        true,
        "UTF8",
        "C.UTF-8",
        "C.UTF-8",
        List.of(
            "REVOKE ALL ON DATABASE app FROM PUBLIC", "REVOKE ALL ON SCHEMA public FROM PUBLIC"));
  }

  /** The PgBouncers, next to no particular instance: the primary moves. */
  public static CustomResourceArgs pooler(PostgresConfig postgres, ConnectionBudget budget) {
    var config = postgres.pooler();
    return new CustomResourceArgs(
        CustomResourceType.POOLER,
        metadata(Postgres.POOLER, Postgres.POOLER_LABELS, "jsonpath={.status.phase}=active"),
        new PoolerSpec(
            new ClusterSpec.NameReference(Postgres.NAME),
            "rw",
            config.replicas(),
            new PoolerSpec.PgBouncer(
                config.image(),
                PgBouncerIni.poolMode(config),
                RolesSql.AUTH_QUERY,
                new ClusterSpec.NameReference(AUTH_SECRET),
                new ClusterSpec.NameReference(PoolerManifests.TLS),
                Parameters.ofPooler(PgBouncerIni.settings(config, budget)),
                List.of("hostssl all all all scram-sha-256", "hostnossl all all all reject")),
            new PoolerSpec.Template(
                new PoolerSpec.Metadata(Scraping.at(Postgres.POOLER_METRICS_PORT)),
                new PoolerSpec.PodSpec(
                    Priority.PLATFORM.className(),
                    List.of(
                        new PoolerSpec.Container(
                            "pgbouncer",
                            resources(config.resources(), config.resources().limits().cpu()))),
                    List.of(SPREAD))),
            new PoolerSpec.ServiceTemplate(
                new PoolerSpec.ServiceSpec(
                    List.of(
                        new PoolerSpec.ServicePort(
                            "pgbouncer", config.port(), "pgbouncer", "TCP"))))));
  }

  private static ObjectMetaArgs metadata(String name, Labels labels, String waitFor) {
    return ObjectMetaArgs.builder()
        .namespace(Namespaces.POSTGRES)
        .name(name)
        .labels(labels.all())
        // Pulumi waits for this status from the operator.
        .annotations(Map.of("pulumi.com/waitFor", waitFor))
        .build();
  }

  private static ClusterSpec.Resources resources(ResourcesConfig config, Optional<Cpu> maxCpu) {
    return new ClusterSpec.Resources(
        Resources.requests(config, SCRATCH), Resources.limits(config, maxCpu, SCRATCH));
  }
}
