package dev.nordfaas.manifest;

import com.pulumi.kubernetes.core.v1.inputs.ResourceRequirementsArgs;
import dev.nordfaas.config.ResourcesConfig;
import java.util.Map;

/**
 * What the scheduler reserves for a container, or for all containers of a pod.
 *
 * @param millicores thousandths of a core
 * @param bytes memory
 */
public record Requests(long millicores, long bytes) {
  private static final int MEBIBYTE = 1 << 20;

  /** More pods than all nodes together run. */
  private static final int MOST = 1_000_000;

  /** Nothing. */
  public static final Requests NONE = new Requests(0, 0);

  /** Requests that the stack config has no key for. */
  public static Requests fixed(int millicores, int mebibytes) {
    return new Requests(millicores, (long) mebibytes * MEBIBYTE);
  }

  /** The requests of the config. */
  public static Requests of(ResourcesConfig config) {
    return new Requests(config.requests().cpu().millicores(), config.requests().memory().bytes());
  }

  /** The sum of both. */
  public Requests plus(Requests other) {
    return new Requests(millicores + other.millicores, bytes + other.bytes);
  }

  /** What is left of these after subtracting the others. */
  public Requests minus(Requests other) {
    return new Requests(millicores - other.millicores, bytes - other.bytes);
  }

  /** These, multiplied by {@code count}. */
  public Requests times(int count) {
    return new Requests(millicores * count, bytes * count);
  }

  /** Whether these fit into what is left. */
  public boolean fitsInto(Requests left) {
    return millicores <= left.millicores && bytes <= left.bytes;
  }

  /** How many of these fit into what is left; empty requests always fit. */
  public int timesIn(Requests left) {
    return (int) Math.min(times(left.millicores, millicores), times(left.bytes, bytes));
  }

  private static long times(long left, long request) {
    return request == 0 ? MOST : Math.max(0, left / request);
  }

  /** In Kubernetes' notation; memory in whole MiB. */
  public Map<String, String> amounts() {
    return Map.of("cpu", millicores + "m", "memory", bytes / MEBIBYTE + "Mi");
  }

  /** With a memory limit, such as {@code 64Mi}, and no CPU limit. */
  public ResourceRequirementsArgs limitedTo(String memory) {
    return ResourceRequirementsArgs.builder()
        .requests(amounts())
        .limits(Map.of("memory", memory))
        .build();
  }
}
