package dev.nordfaas.components;

import com.pulumi.core.Output;
import com.pulumi.kubernetes.apps.v1.DeploymentPatch;
import com.pulumi.kubernetes.core.v1.Secret;
import com.pulumi.kubernetes.core.v1.ServiceAccount;
import com.pulumi.kubernetes.core.v1.ServicePatch;
import com.pulumi.kubernetes.node.v1.RuntimeClass;
import com.pulumi.kubernetes.policy.v1.PodDisruptionBudget;
import com.pulumi.kubernetes.rbac.v1.ClusterRole;
import com.pulumi.kubernetes.rbac.v1.ClusterRoleBinding;
import com.pulumi.kubernetes.scheduling.v1.PriorityClass;
import com.pulumi.resources.ComponentResourceOptions;
import com.pulumi.resources.CustomResourceOptions;
import com.pulumi.resources.ProviderResource;
import com.pulumi.resources.Resource;
import dev.nordfaas.config.K3sConfig.Existing;
import dev.nordfaas.customresource.CustomResourceType;
import dev.nordfaas.customresource.KubernetesCustomResource;
import dev.nordfaas.k3s.K3sRelease;
import dev.nordfaas.k3s.Kubeconfig;
import dev.nordfaas.k3s.NameServer;
import dev.nordfaas.k3s.ReaderManifests;
import dev.nordfaas.k3s.SnapshotStore;
import dev.nordfaas.k3s.TunedPodPolicy;
import dev.nordfaas.manifest.PodTuning;
import dev.nordfaas.manifest.Priority;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A K3s cluster of one server, or of several servers and agents, that start one after the other; or
 * an existing cluster. Its kubeconfig configures the provider for everything on it.
 *
 * <p>Destroying it drains and removes the nodes one by one; K3s and its data on the first server
 * stay.
 */
public final class K3sCluster extends Component {
  /**
   * The plugin that serves the provider. The newest Java package, 4.0.0, requests a plugin of the
   * same age, which neither uses server-side apply by default nor supports current Kubernetes APIs.
   */
  static final String KUBERNETES_PLUGIN_VERSION = "4.25.0";

  /**
   * Used if {@code pulumi up --target} left the nodes out. An empty kubeconfig would make the
   * provider fall back to that of the user who runs Pulumi, and so to another cluster.
   */
  private static final String NONE_YET = "none yet";

  private final Output<String> kubeconfig;
  private final Output<String> readOnlyKubeconfig;
  private final ProviderResource provider;
  private final List<Resource> priorityClasses;

  /** The cluster that {@code args} describe. */
  public K3sCluster(String name, K3sClusterArgs args, ComponentResourceOptions options) {
    super(K3sCluster.class, name, options);
    var k3s = args.k3s();
    kubeconfig =
        k3s.existing()
            .map(Existing::kubeconfig)
            .map(secret -> secret.asOutput())
            .orElseGet(() -> install(name, args))
            .asSecret();
    provider =
        new ProviderResource(
            "kubernetes",
            child("provider"),
            new ClusterProviderArgs(kubeconfig, name),
            CustomResourceOptions.merge(
                childOptions(),
                CustomResourceOptions.builder().version(KUBERNETES_PLUGIN_VERSION).build()));
    readOnlyKubeconfig =
        Output.tuple(kubeconfig, readerToken())
            .applyValue(pair -> readOnly(pair.t1, pair.t2))
            .asSecret();
    priorityClasses =
        Stream.of(Priority.values())
            .<Resource>map(
                priority ->
                    new PriorityClass(
                        child("priority-" + priority.suffix()), priority.manifest(), onCluster()))
            .toList();
    if (k3s.existing().isEmpty()) {
      tunedPods();
      if (args.hasMoreNameServers()) {
        nameServers(args.nameServers(), K3sRelease.parse(k3s.version()));
      }
      k3s.etcdSnapshots()
          .s3()
          .ifPresent(
              s3 ->
                  new Secret(
                      child("snapshot-store"),
                      SnapshotStore.secret(
                          s3, name, k3s.etcdSnapshots().retention(), args.topology()),
                      onCluster()));
    }
    registerOutputs(Map.of("kubeconfig", kubeconfig, "readOnlyKubeconfig", readOnlyKubeconfig));
  }

  /** A pod of the class can only be created once the policy holds it to what is allowed. */
  private void tunedPods() {
    var policy =
        new KubernetesCustomResource(
            child("tuned-pods-policy"),
            CustomResourceType.VALIDATING_ADMISSION_POLICY,
            TunedPodPolicy.policy(),
            onCluster());
    var binding =
        new KubernetesCustomResource(
            child("tuned-pods-policy-binding"),
            CustomResourceType.VALIDATING_ADMISSION_POLICY_BINDING,
            TunedPodPolicy.binding(),
            onCluster(policy));
    new RuntimeClass(child("tuned-pods"), PodTuning.runtimeClass(), onCluster(binding));
  }

  private void nameServers(int replicas, K3sRelease release) {
    var pods =
        new DeploymentPatch(child("name-server"), NameServer.deployment(replicas), onCluster());
    if (NameServer.prefersSameNode(release)) {
      new ServicePatch(child("name-server-service"), NameServer.service(), onCluster(pods));
    }
    new PodDisruptionBudget(
        child("name-server-disruption-budget"), NameServer.disruptionBudget(replicas), onCluster());
  }

  private Output<String> install(String name, K3sClusterArgs args) {
    var nodes = new K3sNodes(this, name, args);
    return nodes
        .install()
        .applyValue(text -> text.isEmpty() ? NONE_YET : Kubeconfig.withServer(text, nodes.url()));
  }

  /** In Base64, as in a Secret. */
  private Output<String> readerToken() {
    var account = new ServiceAccount(child("reader"), ReaderManifests.account(), onCluster());
    new ClusterRole(child("reader-cluster"), ReaderManifests.clusterRole(), onCluster());
    for (var role : List.of("view", ReaderManifests.CLUSTER_ROLE)) {
      new ClusterRoleBinding(child("reader-" + role), ReaderManifests.binding(role), onCluster());
    }
    // Kubernetes deletes the Secret of an account that does not exist yet.
    return new Secret(child("reader-token"), ReaderManifests.token(), onCluster(account))
        .data()
        // There is no data if `pulumi up --target` left it out.
        .applyValue(
            data ->
                Optional.ofNullable(data)
                    .map(entries -> entries.get(ReaderManifests.TOKEN))
                    .orElse(""));
  }

  private static String readOnly(String kubeconfig, String token) {
    return kubeconfig.equals(NONE_YET) || token.isEmpty()
        ? NONE_YET
        : Kubeconfig.forToken(
            kubeconfig,
            ReaderManifests.NAME,
            new String(Base64.getDecoder().decode(token), StandardCharsets.UTF_8));
  }

  private CustomResourceOptions onCluster(Resource... before) {
    return CustomResourceOptions.builder()
        .parent(this)
        .provider(provider)
        .dependsOn(before)
        .build();
  }

  /** Kubeconfig of the cluster's administrator; secret. */
  public Output<String> kubeconfig() {
    return kubeconfig;
  }

  /** Kubeconfig that may read everything except Secrets, and change nothing; secret. */
  public Output<String> readOnlyKubeconfig() {
    return readOnlyKubeconfig;
  }

  /** The pods' priority classes; Kubernetes refuses a pod of a class that does not exist. */
  public List<Resource> priorityClasses() {
    return priorityClasses;
  }

  /** The provider of the cluster, for {@link ComponentResourceOptions}. */
  public ProviderResource provider() {
    return provider;
  }
}
