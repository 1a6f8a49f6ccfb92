package dev.nordfaas.k3s;

import dev.nordfaas.config.NodeConfig;

/**
 * What a node reserves from the pods, so that a burst of functions cannot starve the kubelet, the
 * control plane or sshd.
 *
 * @param cpuMillicores thousandths of a core
 * @param memoryMebibytes MiB
 */
public record ReservedResources(int cpuMillicores, long memoryMebibytes) {
  /** The operating system's share: systemd, sshd, journald, time and upgrades. */
  public static final ReservedResources SYSTEM = new ReservedResources(100, 256);

  /** K3s' resource profiling: a server takes about 1 GiB and a quarter core more than an agent. */
  private static final ReservedResources CONTROL_PLANE = new ReservedResources(250, 1024);

  /** A small trial node must leave most of its resources to the pods. */
  private static final int LARGEST_SHARE = 4;

  /**
   * Share of the kubelet, containerd and K3s: memory 255 MiB and 11 MiB per pod, CPU 6 % of the
   * first core, 1 % of the second, 0.5 % of the next two and 0.25 % of each further one, both as in
   * the Amazon EKS AMI; a server adds the control plane. At most a quarter of the node.
   */
  public static ReservedResources kube(NodeConfig node, boolean server, int maxPods) {
    var cpu = 60.0;
    cpu += 10 * Math.min(Math.max(node.vcpu() - 1, 0), 1);
    cpu += 5 * Math.min(Math.max(node.vcpu() - 2, 0), 2);
    cpu += 2.5 * Math.max(node.vcpu() - 4, 0);
    var memory = 255L + 11L * maxPods;
    if (server) {
      cpu += CONTROL_PLANE.cpuMillicores;
      memory += CONTROL_PLANE.memoryMebibytes;
    }
    return new ReservedResources(
        Math.min((int) Math.round(cpu), node.vcpu() * 1000 / LARGEST_SHARE),
        Math.min(memory, node.memory().mebibytes() / LARGEST_SHARE));
  }

  /** The value of the kubelet's flag. */
  public String flag() {
    return "cpu=%dm,memory=%dMi".formatted(cpuMillicores, memoryMebibytes);
  }
}
