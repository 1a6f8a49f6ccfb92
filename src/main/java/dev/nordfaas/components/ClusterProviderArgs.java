package dev.nordfaas.components;

import com.pulumi.core.Output;
import com.pulumi.core.annotations.Import;
import com.pulumi.resources.ResourceArgs;

/**
 * Inputs of the Kubernetes provider, with two that the newest Java package, 4.0.0, does not have
 * yet: {@code clusterIdentifier} and {@code enableSecretMutable}.
 */
@SuppressWarnings("UnusedVariable") // Pulumi reads the fields by reflection.
final class ClusterProviderArgs extends ResourceArgs {
  @Import(name = "kubeconfig")
  private final Output<String> kubeconfig;

  /**
   * Identifies the cluster. Without it the plug-in treats a different API address as a different
   * cluster, and replaces everything on it.
   */
  @Import(name = "clusterIdentifier")
  private final Output<String> clusterIdentifier;

  @Import(name = "enableServerSideApply", json = true)
  private final Output<Boolean> enableServerSideApply = Output.of(true);

  /** Updates in place instead of deleting and creating: pods that read it carry its checksum. */
  @Import(name = "enableConfigMapMutable", json = true)
  private final Output<Boolean> enableConfigMapMutable = Output.of(true);

  @Import(name = "enableSecretMutable", json = true)
  private final Output<Boolean> enableSecretMutable = Output.of(true);

  ClusterProviderArgs(Output<String> kubeconfig, String clusterIdentifier) {
    this.kubeconfig = kubeconfig;
    this.clusterIdentifier = Output.of(clusterIdentifier);
  }
}
