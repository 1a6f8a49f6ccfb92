package dev.nordfaas.policy;

import dev.nordfaas.config.ByteSize;
import dev.nordfaas.config.NodeConfig.Role;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.k3s.EvictionThresholds;
import dev.nordfaas.k3s.ReservedResources;
import dev.nordfaas.manifest.Requests;
import dev.nordfaas.plan.Pods;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is left on each node while pods are placed, each on the node with most left, as in
 * Kubernetes.
 */
final class Room {
  private final Map<String, Requests> left;

  Room(Map<String, Requests> offers) {
    left = new LinkedHashMap<>(offers);
  }

  /**
   * What the kubelet of each node without taints makes available to pods. At least a tenth of the
   * memory is held back: a machine with 32 GiB reports some hundred MiB less to its operating
   * system. Of the disk it keeps a twentieth free, or more if the config says so.
   */
  static Map<String, Requests> offers(StackConfig config) {
    var offers = new LinkedHashMap<String, Requests>();
    Nodes.takingPods(config)
        .forEach(
            (name, node) -> {
              var kube =
                  ReservedResources.kube(node, node.role() == Role.SERVER, config.k3s().maxPods());
              var reserved =
                  Requests.fixed(
                      kube.cpuMillicores() + ReservedResources.SYSTEM.cpuMillicores(),
                      Math.toIntExact(
                          kube.memoryMebibytes() + ReservedResources.SYSTEM.memoryMebibytes()));
              offers.put(
                  name,
                  new Requests(
                      Math.max(0, node.vcpu() * 1000L - reserved.millicores()),
                      Math.max(
                          0,
                          node.memory().bytes()
                              - Math.max(
                                  node.memory().bytes() / 10,
                                  reserved.bytes()
                                      + kept(config, EvictionThresholds.MEMORY, node.memory()))),
                      node.disk().bytes()
                          - Math.max(
                              node.disk().bytes() / 20,
                              kept(config, EvictionThresholds.DISK, node.disk()))));
            });
    return offers;
  }

  private static long kept(StackConfig config, String signal, ByteSize capacity) {
    return EvictionThresholds.kept(config.k3s(), signal, capacity.bytes());
  }

  Room copy() {
    return new Room(left);
  }

  /** Places as many pods as fit; returns whether all did. */
  boolean place(Pods pods, int replicas) {
    for (var i = 0; i < replicas; i++) {
      var node =
          left.entrySet().stream()
              .filter(it -> pods.mayRunOn(it.getKey()) && pods.pod().fitsInto(it.getValue()))
              .max(Comparator.comparingLong(it -> it.getValue().millicores()));
      if (node.isEmpty()) {
        return false;
      }
      left.put(node.get().getKey(), node.get().getValue().minus(pods.pod()));
    }
    return true;
  }

  /** How many more such pods fit. */
  int more(Pods pods) {
    return left.entrySet().stream()
        .filter(it -> pods.mayRunOn(it.getKey()))
        .mapToInt(it -> pods.pod().timesIn(it.getValue()))
        .sum();
  }

  /** What is left on all nodes together. */
  Requests left() {
    return left.values().stream().reduce(Requests.NONE, Requests::plus);
  }
}
