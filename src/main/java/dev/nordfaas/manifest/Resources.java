package dev.nordfaas.manifest;

import com.pulumi.kubernetes.core.v1.inputs.ResourceRequirementsArgs;
import dev.nordfaas.config.ResourcesConfig;
import java.util.Map;
import java.util.TreeMap;

/** Requests and limits of a container. */
public final class Resources {
  private Resources() {}

  /** The requests and limits of the config. */
  public static ResourceRequirementsArgs of(ResourcesConfig config) {
    var limits = new TreeMap<>(Map.of("memory", config.limits().memory().text()));
    config.limits().cpu().ifPresent(cpu -> limits.put("cpu", cpu.text()));
    return ResourceRequirementsArgs.builder()
        .requests(
            Map.of(
                "cpu", config.requests().cpu().text(),
                "memory", config.requests().memory().text()))
        .limits(limits)
        .build();
  }

  /**
   * Requests equal to the limits, for a pod of the QoS class Guaranteed: the last to be killed if a
   * node runs out of memory. Without a CPU limit, the CPU is limited to its request.
   */
  public static ResourceRequirementsArgs guaranteed(ResourcesConfig config) {
    var amounts =
        Map.of("cpu", config.requests().cpu().text(), "memory", config.requests().memory().text());
    return ResourceRequirementsArgs.builder().requests(amounts).limits(amounts).build();
  }
}
