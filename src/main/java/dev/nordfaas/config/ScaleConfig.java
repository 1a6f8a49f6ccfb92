package dev.nordfaas.config;

import java.time.Duration;

/** How many replicas a workload has. */
public record ScaleConfig(
    @Key(
            value = "Replicas that always run. At least one: nothing is ever cold.",
            defaultValue = "1",
            min = 1,
            max = 1000)
        int min,
    @Key(
            value =
                "Replicas under load; more than min creates a HorizontalPodAutoscaler. Those that do not fit on the nodes stay pending; the plan warns about them.",
            defaultValue = "1",
            min = 1,
            max = 1000)
        int max,
    @Key(
            value = "CPU usage, in percent of the request, that the autoscaler aims for.",
            defaultValue = "70",
            min = 10,
            max = 100)
        int targetCpuPercent,
    @Key(
            value =
                "How fast the autoscaler follows the load: up at once, as a missing replica costs every caller time; down slowly, as one too many costs nothing on a VPS that is paid for.",
            defaultValue = "{}")
        Behavior behavior) {

  /** Both directions, in the autoscaler's own terms. */
  public record Behavior(
      @Key(value = "Towards more replicas.", defaultValue = "{}") ScaleUp scaleUp,
      @Key(value = "Towards fewer replicas.", defaultValue = "{}") ScaleDown scaleDown) {}

  /** Limits on scaling up; the larger of the two amounts counts. */
  public record ScaleUp(
      @Key(
              value = "How long the load has to stay high first, at most 1h; immediate by default.",
              defaultValue = "0s")
          Duration stabilizationWindow,
      @Key(
              value = "Replicas that may be added in one period, in percent of the current number.",
              defaultValue = "100",
              min = 1,
              max = 10_000)
          int percent,
      @Key(
              value = "Replicas that may be added in one period, however few there are.",
              defaultValue = "4",
              min = 1,
              max = 1000)
          int pods,
      @Key(
              value = "From 1s to 30m; the default is how often the autoscaler looks at the load.",
              defaultValue = "15s")
          Duration period) {}

  /** Limits on scaling down. */
  public record ScaleDown(
      @Key(
              value = "How long fewer replicas have to suffice first, at most 1h.",
              defaultValue = "5m")
          Duration stabilizationWindow,
      @Key(
              value = "Replicas that may be removed in one period.",
              defaultValue = "1",
              min = 1,
              max = 1000)
          int pods,
      @Key(value = "From 1s to 30m.", defaultValue = "1m") Duration period) {}
}
