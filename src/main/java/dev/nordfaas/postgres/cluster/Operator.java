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

  /** The Job that waits, as {@code <kind> <namespace>/<name>}. */
  public static final String WAIT_OBJECT = "Job " + NAMESPACE + "/" + WAIT;

  private static final Labels LABELS = new Labels(NAME, "database");
  private static final Labels WAIT_LABELS = new Labels(WAIT, "database");

  private static final List<String> TYPES =
      List.of("clusters.postgresql.cnpg.io", "poolers.postgresql.cnpg.io");

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
            config.chartRepository(),
            NAME,
            config.chartVersion(),
            NAMESPACE,
            """
            # Its role ends at its namespace, and so does what it operates.
            config: {clusterWide: false}
            # The second takes over where the node of the first is lost.
            replicaCount: %d
            priorityClassName: %s
            resources:
              requests: {cpu: %s, memory: %s, ephemeral-storage: %s}
              limits: {memory: 256Mi, ephemeral-storage: 1Gi}
            """
                .formatted(
                    REPLICAS,
                    Priority.PLATFORM.className(),
                    REQUESTS.amounts().get("cpu"),
                    REQUESTS.amounts().get("memory"),
                    REQUESTS.amounts().get(Requests.DISK))));
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

  /** Allows reading the operator's Deployment. */
  public static RoleArgs waitRole() {
    return RoleArgs.builder()
        .metadata(Metadata.of(NAMESPACE, WAIT, WAIT_LABELS))
        .rules(
            PolicyRuleArgs.builder()
                .apiGroups("apps")
                .resources("deployments")
                .resourceNames(NAME)
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
    return JobArgs.builder()
        .metadata(
            ObjectMetaArgs.builder()
                .namespace(NAMESPACE)
                .name(WAIT)
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
                                .initContainers(
                                    kubectl(
                                        config,
                                        "types",
                                        "wait",
                                        "--for=create",
                                        "--timeout=300s",
                                        "crd/" + TYPES.get(0),
                                        "crd/" + TYPES.get(1)),
                                    kubectl(
                                        config,
                                        "deployment",
                                        "wait",
                                        "--for=create",
                                        "--timeout=300s",
                                        "deployment/" + NAME))
                                .containers(
                                    kubectl(
                                        config,
                                        "rollout",
                                        "rollout",
                                        "status",
                                        "--timeout=300s",
                                        "deployment/" + NAME))
                                .volumes(ApiToken.volume())
                                .build())
                        .build())
                .build())
        .build();
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
