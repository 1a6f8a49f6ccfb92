package dev.nordfaas.policy;

import dev.nordfaas.config.NodeConfig.Role;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.k3s.ReservedResources;
import dev.nordfaas.manifest.Requests;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What is left on each node while pods are placed, each on the node with most left, as in
 * Kubernetes.
 */
final class Room {
  private final List<Requests> left;

  Room(List<Requests> offers) {
    left = new ArrayList<>(offers);
  }

  /**
   * What the kubelet of each node without taints makes available to pods. At least a tenth of the
   * memory is held back: a machine with 32 GiB reports some hundred MiB less to its operating
   * system. Of the disk it keeps a twentieth free.
   */
  static List<Requests> offers(StackConfig config) {
    return Nodes.takingPods(config).stream()
        .map(
            node -> {
              var kube =
                  ReservedResources.kube(node, node.role() == Role.SERVER, config.k3s().maxPods());
              var reserved =
                  Requests.fixed(
                      kube.cpuMillicores() + ReservedResources.SYSTEM.cpuMillicores(),
                      Math.toIntExact(
                          kube.memoryMebibytes() + ReservedResources.SYSTEM.memoryMebibytes()));
              return new Requests(
                  Math.max(0, node.vcpu() * 1000L - reserved.millicores()),
                  Math.max(
                      0,
                      node.memory().bytes()
                          - Math.max(node.memory().bytes() / 10, reserved.bytes())),
                  node.disk().bytes() / 20 * 19);
            })
        .toList();
  }

  Room copy() {
    return new Room(left);
  }

  /** Places as many pods as fit; returns whether all did. */
  boolean place(Requests pod, int replicas) {
    for (var i = 0; i < replicas; i++) {
      var node =
          left.stream().filter(pod::fitsInto).max(Comparator.comparingLong(Requests::millicores));
      if (node.isEmpty()) {
        return false;
      }
      left.set(left.indexOf(node.get()), node.get().minus(pod));
    }
    return true;
  }

  /** How many more such pods fit. */
  int more(Requests pod) {
    return left.stream().mapToInt(pod::timesIn).sum();
  }

  /** What is left on all nodes together. */
  Requests left() {
    return left.stream().reduce(Requests.NONE, Requests::plus);
  }
}
