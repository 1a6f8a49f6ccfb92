package dev.nordfaas.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One VPS. */
public record NodeConfig(
    @Key(
            value =
                "server: runs the Kubernetes control plane and workloads; agent: workloads only.",
            defaultValue = "server")
        Role role,
    @Key(
            value = "Public address, reached over SSH and by clients.",
            pattern = Patterns.HOST,
            hint = Patterns.HOST_HINT,
            example = "192.0.2.10")
        String address,
    @Key(
            value = "Address on the private network between the nodes; without it address is used.",
            pattern = Patterns.HOST,
            hint = Patterns.HOST_HINT)
        Optional<String> privateAddress,
    @Key(
            value = "Public SSH host key of the node; any other key is refused.",
            pattern = SshHostKey.PATTERN,
            hint = SshHostKey.HINT,
            example =
                "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHm4L1R9bVXoKbZ3ZqU7d5T4kC3N4rj5P1VqB7c0Xe2S")
        SshHostKey hostKey,
    @Key(value = "Virtual CPUs of the VPS.", min = 1, max = 512, example = "8") int vcpu,
    @Key(value = "Memory of the VPS.", example = "32Gi") ByteSize memory,
    @Key(value = "Disk of the VPS.", example = "400G") ByteSize disk,
    @Key(value = "Price of the VPS in NOK a month, for the cost rule.", min = 0, max = 10_000_000)
        Optional<Integer> monthlyPriceNok,
    @Key(
            value = "Sysctls that add to or override host.sysctls, for this node.",
            defaultValue = "{}",
            keyPattern = Patterns.SYSCTL,
            keyHint = Patterns.SYSCTL_HINT,
            pattern = Patterns.SYSCTL_VALUE,
            hint = Patterns.SYSCTL_VALUE_HINT,
            integers = true)
        Map<String, String> sysctls,
    @Key(
            value =
                "Kubernetes labels of the node. From kubernetes.io and k8s.io, only those that a kubelet may set on itself, such as topology.kubernetes.io/zone.",
            defaultValue = "{}",
            keyPattern = Patterns.QUALIFIED_NAME,
            keyHint = Patterns.LABEL_KEY_HINT,
            pattern = Patterns.LABEL_VALUE,
            hint = Patterns.LABEL_VALUE_HINT,
            integers = true)
        Map<String, String> labels,
    @Key(
            value =
                "Taints of the node, which keep pods away that do not tolerate them: with NoSchedule or NoExecute everything that nordfaas runs, so such a node does not count for it, and NoExecute moves away what runs there. K3s itself sets them only when the node joins; up sets them after each change, and removes those that are no longer here.",
            defaultValue = "[]",
            pattern = Patterns.TAINT,
            hint = Patterns.TAINT_HINT)
        List<String> taints,
    @Key(
            value =
                "Whether the VPS is switched off, lost or being repaired: up leaves it as it is, and another server does what the first one does for the cluster. Once it is back, remove this and run up, which brings it to date.",
            defaultValue = "false")
        boolean away) {

  /** The effect that keeps pods away only as long as there is room elsewhere. */
  private static final String PREFERENCE = "PreferNoSchedule";

  /** What a node does in the cluster. */
  public enum Role {
    SERVER,
    AGENT
  }

  public NodeConfig {
    taints = List.copyOf(taints);
  }

  /** Whether pods without tolerations, such as those of the platform, may run on it. */
  public boolean takesPods() {
    return taints.stream().allMatch(taint -> taint.endsWith(":" + PREFERENCE));
  }

  /** The address that other nodes use: the private one if there is one. */
  public String clusterAddress() {
    return privateAddress.orElse(address);
  }
}
