package dev.nordfaas.manifest;

import com.pulumi.kubernetes.core.v1.inputs.ResourceRequirementsArgs;
import dev.nordfaas.config.ByteSize;
import dev.nordfaas.config.Cpu;
import dev.nordfaas.config.ResourcesConfig;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Requests and limits of a container; those of disk follow from its logs and scratch volumes. */
public final class Resources {
  private Resources() {}

  /** The requests and limits of the config. */
  public static ResourceRequirementsArgs of(ResourcesConfig config) {
    return of(config, Requests.NONE);
  }

  /** The requests and limits of the config, for a container with a scratch volume. */
  public static ResourceRequirementsArgs of(ResourcesConfig config, ByteSize scratch) {
    return of(config, Requests.scratch(scratch));
  }

  private static ResourceRequirementsArgs of(ResourcesConfig config, Requests more) {
    return ResourceRequirementsArgs.builder()
        .requests(requests(config, more))
        .limits(limits(config, config.limits().cpu(), more))
        .build();
  }

  /**
   * Requests equal to the limits, for a pod of the QoS class Guaranteed: the last to be killed if a
   * node runs out of memory. Without a CPU limit, the CPU is limited to its request.
   */
  public static ResourceRequirementsArgs guaranteed(ResourcesConfig config, ByteSize scratch) {
    var more = Requests.scratch(scratch);
    var limits = requests(config, more);
    limits.put(Requests.DISK, disk(config, more).diskLimit());
    return ResourceRequirementsArgs.builder()
        .requests(requests(config, more))
        .limits(limits)
        .build();
  }

  /** The requests, as a custom resource wants them. */
  public static Map<String, String> requests(ResourcesConfig config, ByteSize scratch) {
    return requests(config, Requests.scratch(scratch));
  }

  /** The limits, as a custom resource wants them. */
  public static Map<String, String> limits(
      ResourcesConfig config, Optional<Cpu> cpu, ByteSize scratch) {
    return limits(config, cpu, Requests.scratch(scratch));
  }

  private static SortedMap<String, String> requests(ResourcesConfig config, Requests more) {
    return new TreeMap<>(
        Map.of(
            "cpu",
            config.requests().cpu().text(),
            "memory",
            config.requests().memory().text(),
            Requests.DISK,
            disk(config, more).diskRequest()));
  }

  private static SortedMap<String, String> limits(
      ResourcesConfig config, Optional<Cpu> cpu, Requests more) {
    var limits =
        new TreeMap<>(
            Map.of(
                "memory",
                config.limits().memory().text(),
                Requests.DISK,
                disk(config, more).diskLimit()));
    cpu.ifPresent(it -> limits.put("cpu", it.text()));
    return limits;
  }

  private static Requests disk(ResourcesConfig config, Requests more) {
    return Requests.of(config).plus(more);
  }
}
