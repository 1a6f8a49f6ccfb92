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
   * What the cluster is known by. Without it the plug-in takes another address of the API for
   * another cluster, and replaces everything on it.
   */
  @Import(name = "clusterIdentifier")
  private final Output<String> clusterIdentifier;

  @Import(name = "enableServerSideApply", json = true)
  private final Output<Boolean> enableServerSideApply = Output.of(true);

  /** Update in place, not by delete and create: what reads it carries a checksum of it. */
  @Import(name = "enableConfigMapMutable", json = true)
  private final Output<Boolean> enableConfigMapMutable = Output.of(true);

  @Import(name = "enableSecretMutable", json = true)
  private final Output<Boolean> enableSecretMutable = Output.of(true);

  ClusterProviderArgs(Output<String> kubeconfig, String clusterIdentifier) {
    this.kubeconfig = kubeconfig;
    this.clusterIdentifier = Output.of(clusterIdentifier);
  }
}
