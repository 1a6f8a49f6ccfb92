package dev.nordfaas.k3s;

import com.pulumi.core.Output;
import com.pulumi.core.annotations.Import;
import com.pulumi.kubernetes.apps.v1.DeploymentPatchArgs;
import com.pulumi.kubernetes.apps.v1.inputs.DeploymentSpecPatchArgs;
import com.pulumi.kubernetes.core.v1.ServicePatchArgs;
import com.pulumi.kubernetes.core.v1.inputs.AffinityPatchArgs;
import com.pulumi.kubernetes.core.v1.inputs.PodAffinityTermPatchArgs;
import com.pulumi.kubernetes.core.v1.inputs.PodAntiAffinityPatchArgs;
import com.pulumi.kubernetes.core.v1.inputs.PodSpecPatchArgs;
import com.pulumi.kubernetes.core.v1.inputs.PodTemplateSpecPatchArgs;
import com.pulumi.kubernetes.meta.v1.inputs.LabelSelectorPatchArgs;
import com.pulumi.kubernetes.meta.v1.inputs.ObjectMetaPatchArgs;
import com.pulumi.kubernetes.policy.v1.PodDisruptionBudgetArgs;
import com.pulumi.kubernetes.policy.v1.inputs.PodDisruptionBudgetSpecArgs;
import com.pulumi.resources.ResourceArgs;
import dev.nordfaas.manifest.Labels;
import dev.nordfaas.manifest.Metadata;
import dev.nordfaas.manifest.Untyped;
import java.util.Map;

/**
 * Several pods of CoreDNS, which K3s deploys. Its manifest has no number of replicas and no
 * affinity, and K3s merges it into what is there: so what is set here outlasts restarts and
 * upgrades (source: manifests/coredns.yaml, pkg/deploy/controller.go, and
 * pkg/apply/desiredset_compare.go of rancher/wrangler).
 */
public final class NameServer {
  private static final String NAMESPACE = "kube-system";
  private static final String NAME = K3sParts.CORE_DNS;
  private static final String SERVICE = "kube-dns";
  private static final Labels LABELS = new Labels(NAME, "cluster");

  /**
   * Tells Pulumi's provider to take over the number of replicas, which is K3s' by Kubernetes'
   * default, and by which name: a random one would stay an owner after a killed run.
   */
  private static final Map<String, String> TAKE_OVER =
      Map.of("pulumi.com/patchForce", "true", "pulumi.com/patchFieldManager", "nordfaas");

  /**
   * The first minor release of Kubernetes in which a Service may prefer the client's own node
   * without a feature gate (source: PreferSameTrafficDistribution in
   * pkg/features/kube_features.go).
   */
  private static final int PREFERS_SAME_NODE = 34;

  private NameServer() {}

  /** Whether pods of this release can be sent to the name server of their own node. */
  public static boolean prefersSameNode(K3sRelease release) {
    return release.minor() >= PREFERS_SAME_NODE;
  }

  /** What is changed in K3s' Deployment: so many pods, no two of them on one node. */
  public static DeploymentPatchArgs deployment(int replicas) {
    return DeploymentPatchArgs.builder()
        .metadata(
            ObjectMetaPatchArgs.builder()
                .namespace(NAMESPACE)
                .name(NAME)
                .annotations(TAKE_OVER)
                .build())
        .spec(
            DeploymentSpecPatchArgs.builder()
                .replicas(replicas)
                .template(
                    PodTemplateSpecPatchArgs.builder()
                        .spec(PodSpecPatchArgs.builder().affinity(apart()).build())
                        .build())
                .build())
        .build();
  }

  /**
   * K3s' own constraint counts the pods of all revisions together: with two nodes, a rolling update
   * could end with both pods on one.
   */
  private static AffinityPatchArgs apart() {
    return AffinityPatchArgs.builder()
        .podAntiAffinity(
            PodAntiAffinityPatchArgs.builder()
                .requiredDuringSchedulingIgnoredDuringExecution(
                    PodAffinityTermPatchArgs.builder()
                        .topologyKey(Labels.HOSTNAME)
                        .labelSelector(
                            LabelSelectorPatchArgs.builder()
                                .matchLabels(Labels.NAME_SERVER)
                                .build())
                        .build())
                .build())
        .build();
  }

  /**
   * What is changed in K3s' Service: a pod asks the name server of its own node, which is lost only
   * together with the pod, and another one while that is not ready.
   */
  public static ServicePatchArgs service() {
    return ServicePatchArgs.builder()
        .metadata(
            ObjectMetaPatchArgs.builder()
                .namespace(NAMESPACE)
                .name(SERVICE)
                .annotations(TAKE_OVER)
                .build())
        .spec(Untyped.inPlaceOf(new TrafficDistribution("PreferSameNode")))
        .build();
  }

  private static final class TrafficDistribution extends ResourceArgs {
    @Import(name = "trafficDistribution", required = true)
    @SuppressWarnings("UnusedVariable") // Pulumi reads it by reflection.
    private final Output<String> trafficDistribution;

    TrafficDistribution(String trafficDistribution) {
      this.trafficDistribution = Output.of(trafficDistribution);
    }
  }

  /**
   * Two of the pods stay while nodes are maintained, or one of two. A pod whose node is drained
   * finds no other: with a limit for those that are away, it would keep the next node from being
   * drained.
   */
  public static PodDisruptionBudgetArgs disruptionBudget(int replicas) {
    return PodDisruptionBudgetArgs.builder()
        .metadata(Metadata.of(NAMESPACE, NAME, LABELS))
        .spec(
            PodDisruptionBudgetSpecArgs.builder()
                .minAvailable(Math.min(2, replicas - 1))
                .selector(Metadata.selector(Labels.NAME_SERVER))
                .build())
        .build();
  }
}
