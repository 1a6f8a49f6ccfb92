package dev.nordfaas.config;

import java.util.Optional;

/** Kubernetes requests and limits of one container. */
public record ResourcesConfig(
    @Key("What the scheduler reserves.") Requests requests,
    @Key("What the container may use at most.") Limits limits) {

  /** What the scheduler reserves. */
  public record Requests(
      @Key(value = "CPU, such as 250m.", example = "250m") Cpu cpu,
      @Key(value = "Memory, such as 256Mi.", example = "256Mi") ByteSize memory) {}

  /** What the container may use at most. */
  public record Limits(
      @Key("CPU; without it the container may use idle CPU, which keeps latency low.")
          Optional<Cpu> cpu,
      @Key(value = "Memory; using more is an out-of-memory kill.", example = "512Mi")
          ByteSize memory) {}
}
