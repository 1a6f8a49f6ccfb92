package dev.nordfaas.policy;

import dev.nordfaas.config.EdgeConfig.Tls;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.model.KeyPath;
import java.util.Locale;

/** A key that only another source of the edge's certificate uses. */
final class UnusedTlsKey {
  private UnusedTlsKey() {}

  /** Refuses {@code key}, which only {@code needed} uses, while {@code tls} is configured. */
  static void refuse(KeyPath key, Tls tls, Tls needed, Problems problems) {
    problems.add(
        key,
        "is not used, as edge.tls is " + name(tls),
        "set edge.tls to %s, or remove it".formatted(name(needed)),
        KeyPath.of("edge", "tls"));
  }

  private static String name(Tls tls) {
    return tls.name().toLowerCase(Locale.ROOT);
  }
}
