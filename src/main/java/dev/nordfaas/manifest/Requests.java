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

  /** More than all nodes together run. */
  private static final int MOST = 1_000_000;

  /** Nothing. */
  public static final Requests NONE = new Requests(0, 0);

  /** What no key of the stack config is for. */
  public static Requests fixed(int millicores, int mebibytes) {
    return new Requests(millicores, (long) mebibytes * MEBIBYTE);
  }

  /** What the config asks for. */
  public static Requests of(ResourcesConfig config) {
    return new Requests(config.requests().cpu().millicores(), config.requests().memory().bytes());
  }

  /** Both together. */
  public Requests plus(Requests other) {
    return new Requests(millicores + other.millicores, bytes + other.bytes);
  }

  /** What is left of these when others are taken from them. */
  public Requests minus(Requests other) {
    return new Requests(millicores - other.millicores, bytes - other.bytes);
  }

  /** So many of them. */
  public Requests times(int count) {
    return new Requests(millicores * count, bytes * count);
  }

  /** Whether there is room for these in what is left. */
  public boolean fitsInto(Requests left) {
    return millicores <= left.millicores && bytes <= left.bytes;
  }

  /** How many of them there is room for in what is left; what asks for nothing always fits. */
  public int timesIn(Requests left) {
    return (int) Math.min(times(left.millicores, millicores), times(left.bytes, bytes));
  }

  private static long times(long left, long request) {
    return request == 0 ? MOST : Math.max(0, left / request);
  }

  /** As Kubernetes writes it; the memory in whole MiB. */
  public Map<String, String> amounts() {
    return Map.of("cpu", millicores + "m", "memory", bytes / MEBIBYTE + "Mi");
  }

  /** With a limit of memory, such as {@code 64Mi}, and none of CPU. */
  public ResourceRequirementsArgs limitedTo(String memory) {
    return ResourceRequirementsArgs.builder()
        .requests(amounts())
        .limits(Map.of("memory", memory))
        .build();
  }
}
