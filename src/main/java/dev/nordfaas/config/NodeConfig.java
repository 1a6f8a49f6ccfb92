package dev.nordfaas.config;

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
            keyPattern = "([a-z0-9.-]+/)?[A-Za-z0-9][A-Za-z0-9._-]{0,62}",
            keyHint = "a Kubernetes label key, such as example.no/rack",
            pattern = "([A-Za-z0-9][A-Za-z0-9._-]{0,62})?",
            hint = "a Kubernetes label value, such as rack-1",
            integers = true)
        Map<String, String> labels) {

  /** What a node does in the cluster. */
  public enum Role {
    SERVER,
    AGENT
  }

  /** The address that other nodes use: the private one if there is one. */
  public String clusterAddress() {
    return privateAddress.orElse(address);
  }
}
