package dev.nordfaas.postgres.cluster;

import com.pulumi.core.Output;
import com.pulumi.kubernetes.batch.v1.JobArgs;
import com.pulumi.kubernetes.batch.v1.inputs.JobSpecArgs;
import com.pulumi.kubernetes.core.v1.ServiceAccountArgs;
import com.pulumi.kubernetes.core.v1.inputs.ContainerArgs;
import com.pulumi.kubernetes.core.v1.inputs.PodTemplateSpecArgs;
import com.pulumi.kubernetes.meta.v1.inputs.ObjectMetaArgs;
import com.pulumi.kubernetes.rbac.v1.ClusterRoleArgs;
import com.pulumi.kubernetes.rbac.v1.ClusterRoleBindingArgs;
import com.pulumi.kubernetes.rbac.v1.RoleArgs;
import com.pulumi.kubernetes.rbac.v1.RoleBindingArgs;
import com.pulumi.kubernetes.rbac.v1.inputs.PolicyRuleArgs;
import com.pulumi.kubernetes.rbac.v1.inputs.RoleRefArgs;
import com.pulumi.kubernetes.rbac.v1.inputs.SubjectArgs;
import dev.nordfaas.config.PostgresConfig.OperatorConfig;
import dev.nordfaas.customresource.CustomResourceArgs;
import dev.nordfaas.customresource.CustomResourceType;
import dev.nordfaas.manifest.ApiToken;
import dev.nordfaas.manifest.ClusterNetworks;
import dev.nordfaas.manifest.Command;
import dev.nordfaas.manifest.Labels;
import dev.nordfaas.manifest.Metadata;
import dev.nordfaas.manifest.Namespaces;
import dev.nordfaas.manifest.NetworkPeer;
import dev.nordfaas.manifest.NetworkPolicies;
import dev.nordfaas.manifest.PodNetworkPolicy;
import dev.nordfaas.manifest.Priority;
import dev.nordfaas.manifest.Requests;
import dev.nordfaas.manifest.SecurityContexts;
import dev.nordfaas.postgres.Postgres;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The CloudNativePG operator: a Helm chart that K3s installs, and a Job that waits until it is
 * ready. Without the Job the first cluster would be created before its type exists.
 */
public final class Operator {
  /**
   * That of what it operates: it has rights over pods and Secrets in its own namespace, and needs
   * them in no other.
   */
  private static final String NAMESPACE = Namespaces.POSTGRES;

  /** Name of the release, and so of its Deployment. */
  private static final String NAME = "cloudnative-pg";

  /** Pods of the operator. */
  public static final int REPLICAS = 2;

  /** Requests of each of them. */
  public static final Requests REQUESTS = Requests.ofContainer(100, 128);

  /** Requests of the Job that waits for them. */
  public static final Requests WAIT_REQUESTS = Requests.ofContainer(50, 64);

  /** Name of the Job that waits. */
  private static final String WAIT = "cloudnative-pg-wait";

  /** Name of the Job that waits for the archive of the log. */
  private static final String ARCHIVE_WAIT = "postgres-backup-wait";

  /** The same, as {@code <kind> <namespace>/<name>}. */
  public static final String ARCHIVE_WAIT_OBJECT = "Job " + NAMESPACE + "/" + ARCHIVE_WAIT;

  /** The Job that waits, as {@code <kind> <namespace>/<name>}. */
  public static final String WAIT_OBJECT = "Job " + NAMESPACE + "/" + WAIT;

  private static final Labels LABELS = new Labels(NAME, "database");
  private static final Labels WAIT_LABELS = new Labels(WAIT, "database");

  private static final List<String> TYPES =
      List.of("clusters.postgresql.cnpg.io", "poolers.postgresql.cnpg.io");

  /** What the chart creates, by the name of the container that waits for it. */
  private static final SortedMap<String, String> CREATED =
      new TreeMap<>(
          Map.of(
              "clusters", "crd/" + TYPES.get(0),
              "poolers", "crd/" + TYPES.get(1),
              "deployment", "deployment/" + NAME));

  private static final int WEBHOOK_PORT = 9443;
  private static final int UID = 65532;

  private Operator() {}

  /**
   * The Kubernetes API calls the operator's webhook; the operator connects to the API and the
   * instances.
   */
  public static PodNetworkPolicy networkPolicy(ClusterNetworks networks) {
    return NetworkPolicies.allow(
        NAMESPACE,
        NAME,
        LABELS,
        // The API server is not a pod.
        List.of(NetworkPolicies.fromAnywhere(WEBHOOK_PORT)),
        List.of(
            NetworkPolicies.to(
                List.of(ClusterPolicies.instances()), Postgres.PORT, ClusterManifests.STATUS_PORT),
            networks.toKubernetesApi()));
  }

  /** The Job that waits uses the Kubernetes API. */
  public static PodNetworkPolicy waitPolicy(ClusterNetworks networks) {
    return NetworkPolicies.allow(
        NAMESPACE, WAIT, WAIT_LABELS, List.of(), List.of(networks.toKubernetesApi()));
  }

  static NetworkPeer pods() {
    return NetworkPolicies.pods(NAMESPACE, LABELS.selector());
  }

  /**
   * The chart, in the namespace of K3s' own charts. Removing it keeps the custom resource
   * definitions, and so the databases: the chart marks them to be kept.
   */
  public static CustomResourceArgs chart(OperatorConfig config) {
    return new CustomResourceArgs(
        CustomResourceType.HELM_CHART,
        Metadata.of("kube-system", NAME, LABELS),
        new HelmChartSpec(
            config.chartRepository(), NAME, config.chartVersion(), NAMESPACE, values(config)));
  }

  /** The chart's values, as YAML. */
  static String values(OperatorConfig config) {
    return config.image().map(Operator::image).orElse("")
        + """
            # Its role ends at its namespace, and so does what it operates.
            config: {clusterWide: false}
            # The second takes over where the node of the first is lost.
            replicaCount: %d
            topologySpreadConstraints:
              - maxSkew: 1
                topologyKey: kubernetes.io/hostname
                whenUnsatisfiable: ScheduleAnyway
                labelSelector: {matchLabels: {app.kubernetes.io/name: %s}}
            priorityClassName: %s
            resources:
              requests: {cpu: %s, memory: %s, ephemeral-storage: %s}
              limits: {memory: 256Mi, ephemeral-storage: 1Gi}
            """
            .formatted(
                REPLICAS,
                NAME,
                Priority.PLATFORM.className(),
                REQUESTS.amounts().get("cpu"),
                REQUESTS.amounts().get("memory"),
                REQUESTS.amounts().get(Requests.DISK));
  }

  /** The chart puts a colon between the two, also within a digest. */
  private static String image(String image) {
    var colon = image.indexOf(':', image.lastIndexOf('/') + 1);
    return "image: {repository: \"%s\", tag: \"%s\"}\n"
        .formatted(image.substring(0, colon), image.substring(colon + 1));
  }

  /** The account of the Job that waits. */
  public static ServiceAccountArgs waitAccount() {
    return ServiceAccountArgs.builder()
        .metadata(Metadata.of(NAMESPACE, WAIT, WAIT_LABELS))
        .automountServiceAccountToken(false)
        .build();
  }

  /** Allows reading the two types. */
  public static ClusterRoleArgs waitClusterRole() {
    return ClusterRoleArgs.builder()
        .metadata(Metadata.ofCluster(WAIT, WAIT_LABELS))
        .rules(
            PolicyRuleArgs.builder()
                .apiGroups("apiextensions.k8s.io")
                .resources("customresourcedefinitions")
                .resourceNames(TYPES)
                .verbs("get", "list", "watch")
                .build())
        .build();
  }

  /** Gives the account the cluster role. */
  public static ClusterRoleBindingArgs waitClusterRoleBinding() {
    return ClusterRoleBindingArgs.builder()
        .metadata(Metadata.ofCluster(WAIT, WAIT_LABELS))
        .roleRef(role("ClusterRole"))
        .subjects(account())
        .build();
  }

  /** Allows reading the operator's Deployment, and the cluster. */
  public static RoleArgs waitRole() {
    return RoleArgs.builder()
        .metadata(Metadata.of(NAMESPACE, WAIT, WAIT_LABELS))
        .rules(
            PolicyRuleArgs.builder()
                .apiGroups("apps")
                .resources("deployments")
                .resourceNames(NAME)
                .verbs("get", "list", "watch")
                .build(),
            PolicyRuleArgs.builder()
                .apiGroups("postgresql.cnpg.io")
                .resources("clusters")
                .resourceNames(Postgres.NAME)
                .verbs("get", "list", "watch")
                .build())
        .build();
  }

  /** Gives the account the role. */
  public static RoleBindingArgs waitRoleBinding() {
    return RoleBindingArgs.builder()
        .metadata(Metadata.of(NAMESPACE, WAIT, WAIT_LABELS))
        .roleRef(role("Role"))
        .subjects(account())
        .build();
  }

  private static RoleRefArgs role(String kind) {
    return RoleRefArgs.builder()
        .apiGroup("rbac.authorization.k8s.io")
        .kind(kind)
        .name(WAIT)
        .build();
  }

  private static SubjectArgs account() {
    return SubjectArgs.builder().kind("ServiceAccount").namespace(NAMESPACE).name(WAIT).build();
  }

  /**
   * The Job that ends once the operator is ready.
   *
   * @param checksums annotations, which change when the operator does
   */
  public static JobArgs waitJob(OperatorConfig config, Output<Map<String, String>> checksums) {
    return job(
        WAIT,
        created(config),
        kubectl(config, "rollout", "rollout", "status", "--timeout=300s", "deployment/" + NAME),
        checksums);
  }

  /**
   * The Job that ends once a segment of the log has arrived in the store of the backups, and fails
   * if none does.
   *
   * @param checksums annotations, which change when the store does
   */
  public static JobArgs archiveJob(OperatorConfig config, Output<Map<String, String>> checksums) {
    return job(
        ARCHIVE_WAIT,
        List.of(),
        kubectl(
            config,
            "archive",
            "wait",
            "--for=condition=ContinuousArchiving",
            "--timeout=480s",
            TYPES.get(0) + "/" + Postgres.NAME),
        checksums);
  }

  private static JobArgs job(
      String name,
      List<ContainerArgs> before,
      ContainerArgs container,
      Output<Map<String, String>> checksums) {
    return JobArgs.builder()
        .metadata(
            ObjectMetaArgs.builder()
                .namespace(NAMESPACE)
                .name(name)
                .labels(WAIT_LABELS.all())
                .annotations(Map.of("pulumi.com/replaceUnready", "true"))
                .build())
        .spec(
            JobSpecArgs.builder()
                .backoffLimit(3)
                .activeDeadlineSeconds(540)
                .template(
                    PodTemplateSpecArgs.builder()
                        .metadata(
                            ObjectMetaArgs.builder()
                                .labels(WAIT_LABELS.all())
                                .annotations(checksums)
                                .build())
                        .spec(
                            Priority.PLATFORM
                                .pod()
                                .restartPolicy("Never")
                                .serviceAccountName(WAIT)
                                .automountServiceAccountToken(false)
                                .enableServiceLinks(false)
                                .securityContext(SecurityContexts.pod(UID))
                                .initContainers(before)
                                .containers(container)
                                .volumes(ApiToken.volume())
                                .build())
                        .build())
                .build())
        .build();
  }

  /**
   * Each waits for one object: with several, {@code wait --for=create} ends at once while they are
   * missing (kubectl 1.34, {@code RunWait} of {@code pkg/cmd/wait/wait.go}).
   */
  private static List<ContainerArgs> created(OperatorConfig config) {
    return CREATED.entrySet().stream()
        .map(
            it ->
                kubectl(
                    config, it.getKey(), "wait", "--for=create", "--timeout=300s", it.getValue()))
        .toList();
  }

  private static ContainerArgs kubectl(OperatorConfig config, String name, String... arguments) {
    return ContainerArgs.builder()
        .name(name)
        .image(config.kubectlImage())
        // The image's entry point is kubectl.
        .args(Command.of(arguments))
        .resources(WAIT_REQUESTS.limitedTo("128Mi"))
        .securityContext(SecurityContexts.container())
        .terminationMessagePolicy("FallbackToLogsOnError")
        .volumeMounts(ApiToken.mount())
        .build();
  }
}
