package dev.nordfaas.manifest;

import com.pulumi.kubernetes.core.v1.inputs.ResourceRequirementsArgs;
import dev.nordfaas.config.ByteSize;
import dev.nordfaas.config.ResourcesConfig;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the scheduler reserves for a container, or for all containers of a pod.
 *
 * @param millicores thousandths of a core
 * @param bytes memory
 * @param disk bytes of the node's disk, for logs and scratch volumes: {@code ephemeral-storage}
 */
public record Requests(long millicores, long bytes, long disk) {
  /** The key of {@link #disk} in Kubernetes' requests and limits. */
  public static final String DISK = "ephemeral-storage";

  private static final int MEBIBYTE = 1 << 20;

  /** Files of a container's log that the kubelet keeps. */
  public static final int LOG_FILES = 5;

  /** Size of one of them, in MiB, from which on the kubelet begins another. */
  public static final int LOG_FILE_MEBIBYTES = 10;

  /** For those files; the rest is in reserve. */
  private static final long LOGS = 64 * MEBIBYTE;

  /** What a container may log beyond that before the kubelet rotates the file. */
  private static final long BURST = 192 * MEBIBYTE;

  /** More pods than all nodes together run. */
  private static final int MOST = 1_000_000;

  /** Nothing. */
  public static final Requests NONE = new Requests(0, 0, 0);

  /** An amount without disk. */
  public static Requests fixed(int millicores, int mebibytes) {
    return new Requests(millicores, (long) mebibytes * MEBIBYTE, 0);
  }

  /** The requests of a container that the stack config has no key for, with disk for its logs. */
  public static Requests ofContainer(int millicores, int mebibytes) {
    return new Requests(millicores, (long) mebibytes * MEBIBYTE, LOGS);
  }

  /** The requests of a container whose resources are in the config, with disk for its logs. */
  public static Requests of(ResourcesConfig config) {
    return new Requests(
        config.requests().cpu().millicores(), config.requests().memory().bytes(), LOGS);
  }

  /** Disk for a scratch volume. */
  public static Requests scratch(ByteSize size) {
    return new Requests(0, 0, size.bytes());
  }

  /** The sum of both. */
  public Requests plus(Requests other) {
    return new Requests(millicores + other.millicores, bytes + other.bytes, disk + other.disk);
  }

  /** What is left of these after subtracting the others. */
  public Requests minus(Requests other) {
    return new Requests(millicores - other.millicores, bytes - other.bytes, disk - other.disk);
  }

  /** The larger amount of each. */
  public Requests orMore(Requests other) {
    return new Requests(
        Math.max(millicores, other.millicores),
        Math.max(bytes, other.bytes),
        Math.max(disk, other.disk));
  }

  /** These, multiplied by {@code count}. */
  public Requests times(int count) {
    return new Requests(millicores * count, bytes * count, disk * count);
  }

  /** Whether these fit into what is left. */
  public boolean fitsInto(Requests left) {
    return millicores <= left.millicores && bytes <= left.bytes && disk <= left.disk;
  }

  /** How many of these fit into what is left; empty requests always fit. */
  public int timesIn(Requests left) {
    return (int)
        Math.min(
            times(left.disk, disk),
            Math.min(times(left.millicores, millicores), times(left.bytes, bytes)));
  }

  private static long times(long left, long request) {
    return request == 0 ? MOST : Math.max(0, left / request);
  }

  /** In Kubernetes' notation; memory and disk in whole MiB. */
  public Map<String, String> amounts() {
    var amounts = new TreeMap<>(Map.of("cpu", millicores + "m", "memory", mebibytes(bytes)));
    if (disk > 0) {
      amounts.put(DISK, mebibytes(disk));
    }
    return amounts;
  }

  /** The limit of {@link #disk}, above which the kubelet evicts the pod. */
  String diskLimit() {
    return mebibytes(disk + BURST);
  }

  /** {@link #disk} in Kubernetes' notation. */
  String diskRequest() {
    return mebibytes(disk);
  }

  private static String mebibytes(long bytes) {
    return bytes / MEBIBYTE + "Mi";
  }

  /** With a memory limit, such as {@code 64Mi}, and no CPU limit. */
  public ResourceRequirementsArgs limitedTo(String memory) {
    return ResourceRequirementsArgs.builder()
        .requests(amounts())
        .limits(Map.of("memory", memory, DISK, diskLimit()))
        .build();
  }

  /** With limits equal to the requests of CPU and memory. */
  public ResourceRequirementsArgs guaranteed() {
    var limits = new TreeMap<>(amounts());
    limits.put(DISK, diskLimit());
    return ResourceRequirementsArgs.builder().requests(amounts()).limits(limits).build();
  }
}
