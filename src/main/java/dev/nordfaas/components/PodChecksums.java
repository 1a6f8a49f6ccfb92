package dev.nordfaas.components;

import com.pulumi.core.Output;
import dev.nordfaas.manifest.Checksums;
import java.util.Map;

/**
 * The annotations that roll a pod, or run a Job again, when something it reads at its start
 * changes.
 */
final class PodChecksums {
  private PodChecksums() {}

  /**
   * Returns both checksums as annotations. *
   *
   * @param config content of the ConfigMap
   * @param generated content of the Secret: generated passwords, see {@link Checksums#ofGenerated}
   */
  static Output<Map<String, String>> of(String config, Output<String> generated) {
    var checksum = Checksums.of(config);
    return Checksums.ofGenerated(generated)
        .applyValue(sum -> Map.of(Checksums.CONFIG, checksum, Checksums.SECRET, sum));
  }
}
