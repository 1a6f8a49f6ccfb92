package dev.nordfaas.k3s;

import dev.nordfaas.config.ByteSize;
import dev.nordfaas.config.K3sConfig;
import java.math.BigDecimal;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What the kubelet keeps free of a node's memory and disk, besides what is reserved: it counts
 * towards no pod (source: Kubernetes v1.34.4, hardEvictionReservation in pkg/kubelet/cm). K3s sets
 * 5 % for the disk and nothing for the memory; a stack config may set more.
 */
public final class EvictionThresholds {
  /** Of the node's memory. */
  public static final String MEMORY = "memory.available";

  /** Of the disk that logs and temporary files are on. */
  public static final String DISK = "nodefs.available";

  private static final Pattern SHARE = Pattern.compile("([0-9]{1,2}([.][0-9]{1,3})?)%");
  private static final Pattern SIZE = Pattern.compile(ByteSize.PATTERN);

  private EvictionThresholds() {}

  /** The bytes of a capacity that {@code extraConfig} keeps free; 0 if it does not say. */
  public static long kept(K3sConfig config, String signal, long capacity) {
    return config.extraConfig().getOrDefault("kubelet-arg", List.of()).stream()
        .filter(flag -> ComponentFlags.name(flag).equals("eviction-hard"))
        .flatMap(flag -> Stream.of(ComponentFlags.value(flag).split(",", -1)))
        .filter(threshold -> threshold.strip().startsWith(signal + "<"))
        .mapToLong(threshold -> bytes(threshold.strip().substring(signal.length() + 1), capacity))
        .max()
        .orElse(0);
  }

  private static long bytes(String text, long capacity) {
    var share = SHARE.matcher(text);
    if (share.matches()) {
      return new BigDecimal(share.group(1))
          .multiply(BigDecimal.valueOf(capacity))
          .movePointLeft(2)
          .longValue();
    }
    return SIZE.matcher(text).matches() ? ByteSize.parse(text).bytes() : 0;
  }
}
