package dev.nordfaas.plan;

import dev.nordfaas.config.ByteSize;
import dev.nordfaas.config.NodeConfig.Role;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.k3s.EvictionThresholds;
import dev.nordfaas.k3s.ReservedResources;
import dev.nordfaas.manifest.Requests;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is left on each node while pods are placed, each on the node with most left, as in
 * Kubernetes.
 */
public final class Room {
  private final Map<String, Requests> left;

  /** With nothing placed yet. */
  public Room(Map<String, Requests> offers) {
    left = new LinkedHashMap<>(offers);
  }

  /**
   * What the kubelet of each node without taints makes available to pods. At least a tenth of the
   * memory is held back: a machine with 32 GiB reports some hundred MiB less to its operating
   * system. Of the disk it keeps a twentieth free, or more if the config says so.
   */
  public static Map<String, Requests> offers(StackConfig config) {
    var offers = new LinkedHashMap<String, Requests>();
    config
        .nodes()
        .forEach(
            (name, node) -> {
              if (!node.takesPods()) {
                return;
              }
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

  /** Another one with as much left. */
  public Room copy() {
    return new Room(left);
  }

  /** Places as many pods as fit; returns how many did. */
  public int place(Pods pods, int replicas) {
    for (var i = 0; i < replicas; i++) {
      var node =
          left.entrySet().stream()
              .filter(it -> pods.mayRunOn(it.getKey()) && pods.pod().fitsInto(it.getValue()))
              .max(Comparator.comparingLong(it -> it.getValue().millicores()));
      if (node.isEmpty()) {
        return i;
      }
      left.put(node.get().getKey(), node.get().getValue().minus(pods.pod()));
    }
    return replicas;
  }

  /** How many more such pods fit. */
  public int more(Pods pods) {
    return left.entrySet().stream()
        .filter(it -> pods.mayRunOn(it.getKey()))
        .mapToInt(it -> pods.pod().timesIn(it.getValue()))
        .sum();
  }

  /** What is left on each node. */
  public Map<String, Requests> leftOnNodes() {
    return Collections.unmodifiableMap(new LinkedHashMap<>(left));
  }

  /** What is left on all nodes together. */
  public Requests left() {
    return left.values().stream().reduce(Requests.NONE, Requests::plus);
  }
}
