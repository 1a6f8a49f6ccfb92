package dev.nordfaas.function;

import com.pulumi.core.Output;
import dev.nordfaas.config.ResourcesConfig;
import dev.nordfaas.config.ScaleConfig;
import dev.nordfaas.manifest.PodNetworkPolicy;
import dev.nordfaas.manifest.PodTuning;
import dev.nordfaas.manifest.Priority;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One Deployment and what belongs to it, in plain values: a function, its worker, or intake.
 *
 * @param name name of all its objects
 * @param namespace the functions' namespace, once it exists
 * @param container what runs in each pod
 * @param waits whether its pods are asked only after a while whether they are ready, as the network
 *     refuses connections of new ones
 * @param scale how many pods there are
 * @param drain how long its pods keep serving once they are told to stop, until no caller is sent
 *     to them any more; empty if nobody calls them
 * @param longestCall how long one call, or one message, may take
 * @param rolloutTimeout how long a new version may take to become fully ready
 * @param policy its network policy, which has the labels of all its objects
 * @param tuning settings of its pods' network namespaces
 * @param priority which pods are evicted when a node is full
 * @param own what the config adds to the Deployment and its pods
 */
public record Workload(
    String name,
    Output<String> namespace,
    Container container,
    boolean waits,
    ScaleConfig scale,
    Optional<Duration> drain,
    Duration longestCall,
    Duration rolloutTimeout,
    PodNetworkPolicy policy,
    PodTuning tuning,
    Priority priority,
    Own own) {
  /** Pods that a rollout may have in addition to the replicas. */
  public static final int SURGE = 1;

  /**
   * What the config adds to the Deployment and its pods.
   *
   * @param labels besides those that the platform sets
   * @param annotations besides those that the platform sets
   * @param nodeSelector labels of the nodes that may run the pods; empty: any
   */
  public record Own(
      Map<String, String> labels,
      Map<String, String> annotations,
      Map<String, String> nodeSelector) {
    /** Nothing. */
    public static final Own NONE = new Own(Map.of(), Map.of(), Map.of());
  }

  /**
   * The one container of a pod.
   *
   * @param image its image
   * @param port TCP port of the probes, and of the calls
   * @param readinessPath path that answers 200 when it can take calls
   * @param resources requests and limits
   * @param environment its variables, in the order that the manifest has them
   * @param secret the variable that comes from a Secret
   * @param secretFiles the files that come from a Secret
   * @param file the file that comes from a ConfigMap
   * @param metricsPort TCP port of {@code /metrics}, which only Prometheus may connect to
   */
  public record Container(
      String image,
      int port,
      String readinessPath,
      ResourcesConfig resources,
      SortedMap<String, Output<String>> environment,
      Optional<SecretVariable> secret,
      Optional<SecretFiles> secretFiles,
      Optional<ConfigFile> file,
      Optional<Integer> metricsPort) {}

  /** The labels of its objects and pods. */
  public Map<String, String> labels() {
    return policy.labels();
  }

  /** The labels of its Deployment and pods; the platform's take precedence. */
  Map<String, String> deploymentLabels() {
    var all = new TreeMap<>(own.labels());
    all.putAll(labels());
    return all;
  }

  /** The labels that select its pods. */
  public Map<String, String> selector() {
    return policy.selector();
  }

  /** Whether the number of pods follows the load. */
  public boolean autoscaled() {
    return scale.max() > scale.min();
  }

  /** Whether a node can be drained without stopping all of it. */
  public boolean redundant() {
    return scale.min() > 1;
  }
}
