package dev.nordfaas.manifest;

import com.pulumi.kubernetes.core.v1.inputs.PodSpecArgs;
import com.pulumi.kubernetes.scheduling.v1.PriorityClassArgs;
import java.util.Locale;

/**
 * Which pods come first if a node has no room for all, and which are evicted: the scheduler evicts
 * pods of a lower class for one of a higher class, and so does the kubelet if memory runs short.
 *
 * <p>K3s' own pods ({@code system-*-critical}, two billion) stay above all. Pods without a class
 * have 0: CloudNativePG's own Jobs, those of K3s that install charts, {@code kubectl debug} and, in
 * an existing cluster, those of others. So functions are below 0, but not below -10, below which
 * the cluster autoscaler does not add nodes for a pod.
 */
public enum Priority {
  /** What everything else needs; also backups and what {@code up} waits for. */
  PLATFORM(1_000_000, true, "What every function needs, what up waits for, and backups."),

  /** Messages are accepted and passed on while functions wait for room. */
  QUEUE(100_000, true, "Intake and the queue-workers."),

  /**
   * An additional replica does not evict others, which may be handling calls: it waits for room.
   */
  FUNCTIONS(-5, false, "Functions; evicted for everything above."),

  /** Scheduled calls; one that does not get room in time is a failed Job. */
  BATCH(-10, false, "Calls by schedule; last to start, first to go.");

  /** Prefix of the classes' names. */
  private static final String PREFIX = "nordfaas-";

  private final int value;
  private final boolean preempts;
  private final String description;

  Priority(int value, boolean preempts, String description) {
    this.value = value;
    this.preempts = preempts;
    this.description = description;
  }

  /** Name of the class, as in {@code priorityClassName}. */
  public String className() {
    return PREFIX + suffix();
  }

  /** Suffix of the class's name. */
  public String suffix() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether a pod without room causes others to be evicted. */
  public boolean preempts() {
    return preempts;
  }

  /** The class. */
  public PriorityClassArgs manifest() {
    return PriorityClassArgs.builder()
        .metadata(Metadata.ofCluster(className(), new Labels(className(), "priority")))
        .value(value)
        .globalDefault(false)
        .preemptionPolicy(preempts ? "PreemptLowerPriority" : "Never")
        .description(description)
        .build();
  }

  /** A pod of the class. */
  public PodSpecArgs.Builder pod() {
    return PodSpecArgs.builder().priorityClassName(className());
  }
}
