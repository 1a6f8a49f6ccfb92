package dev.nordfaas.plan;

import dev.nordfaas.config.ResourcesConfig;
import dev.nordfaas.config.ScaleConfig;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.manifest.Requests;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Pods of one kind that a stack runs.
 *
 * @param name for messages
 * @param object what creates the pods: kind, namespace and name, such as {@code Job
 *     nats/nats-streams}; empty if the stack does not create it
 * @param turn pods of the same turn run one after the other; those without one always run
 * @param replicas pods at the start
 * @param replicasPath the key that sets the number of pods; that of the resources if there is none
 * @param containers the containers of a pod whose resources are in the config, the main one first
 * @param fixed requests of a pod's other containers
 * @param scale how many pods there may be under load, if that differs
 * @param pinned the nodes that they may run on, if not all
 */
public record Pods(
    String name,
    Optional<String> object,
    Optional<String> turn,
    int replicas,
    Optional<KeyPath> replicasPath,
    List<Sized> containers,
    Requests fixed,
    Optional<ScaleConfig> scale,
    Optional<Pinned> pinned) {

  public Pods {
    containers = List.copyOf(containers);
  }

  /**
   * A container whose resources are in the config.
   *
   * @param path their key
   */
  public record Sized(KeyPath path, ResourcesConfig resources) {}

  /**
   * The nodes that pods may run on.
   *
   * @param path the key that says so
   * @param selector the labels that they have
   * @param nodes their names; empty if no node has the labels
   */
  public record Pinned(KeyPath path, Map<String, String> selector, Set<String> nodes) {
    public Pinned {
      selector = Map.copyOf(selector);
      nodes = Collections.unmodifiableSet(new LinkedHashSet<>(nodes));
    }
  }

  /** Whether they may run on the node. */
  public boolean mayRunOn(String node) {
    return pinned.map(it -> it.nodes().contains(node)).orElse(true);
  }

  /** What the scheduler reserves for one pod. */
  public Requests pod() {
    return containers.stream()
        .map(container -> Requests.of(container.resources()))
        .reduce(fixed, Requests::plus);
  }

  /** The keys that {@link #pod} follows from. */
  public List<KeyPath> paths() {
    return containers.stream().map(Sized::path).toList();
  }

  /** Pods under load. */
  public int most() {
    return scale.map(ScaleConfig::max).orElse(replicas);
  }

  /** The key of {@code scale}; only for a workload that has one. */
  public KeyPath scalePath() {
    return replicasPath.orElseThrow();
  }
}
