package dev.nordfaas.config;

/** How many replicas a workload has. */
public record ScaleConfig(
    @Key(
            value = "Replicas that always run. At least one: nothing is ever cold.",
            defaultValue = "1",
            min = 1,
            max = 1000)
        int min,
    @Key(
            value = "Replicas under load; more than min makes a HorizontalPodAutoscaler.",
            defaultValue = "1",
            min = 1,
            max = 1000)
        int max,
    @Key(
            value = "CPU use, in percent of the request, that the autoscaler aims at.",
            defaultValue = "70",
            min = 10,
            max = 100)
        int targetCpuPercent) {}
