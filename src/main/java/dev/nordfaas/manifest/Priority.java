package dev.nordfaas.manifest;

import com.pulumi.kubernetes.core.v1.inputs.PodSpecArgs;
import com.pulumi.kubernetes.scheduling.v1.PriorityClassArgs;
import java.util.Locale;

/**
 * Who comes first where a node has no room for all, and who goes: the scheduler evicts pods of a
 * lower class for one of a higher class, and the kubelet does where memory runs short.
 *
 * <p>K3s' own pods ({@code system-*-critical}, two thousand millions) stay above all. Pods without
 * a class have 0: CloudNativePG's own Jobs, those of K3s that install charts, {@code kubectl debug}
 * and, in a cluster that exists already, those of others. So functions are below 0, but not below
 * -10, from where on the cluster autoscaler adds no node for a pod.
 */
public enum Priority {
  /** Without it nothing works, or nothing is saved: also backups and what {@code up} waits for. */
  PLATFORM(1_000_000, true, "What every function needs, what up waits for, and backups."),

  /** Orders are taken and handed on while functions wait for room. */
  QUEUE(100_000, true, "Intake and the queue-workers."),

  /** A replica more is not worth a call that is being answered: it waits for room. */
  FUNCTIONS(-5, false, "Functions; evicted for everything above."),

  /** Calls by schedule; one that finds no room in its time is a failed Job. */
  BATCH(-10, false, "Calls by schedule; last to start, first to go.");

  /** Beginning of the classes' names. */
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

  /** Ending of the class's name. */
  public String suffix() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether a pod that finds no room has others evicted. */
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
