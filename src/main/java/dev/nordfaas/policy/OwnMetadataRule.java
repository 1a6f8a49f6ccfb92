package dev.nordfaas.policy;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.function.OwnMetadata;
import dev.nordfaas.plan.Plan;
import java.util.Map;

/**
 * A function's own labels and annotations do not take those of others, and Kubernetes takes them.
 */
final class OwnMetadataRule implements Rule {
  /**
   * TotalAnnotationSizeLimitB of Kubernetes, in bytes of names and values; some are the platform's.
   */
  private static final int MOST = 256 * 1024 - 4096;

  private static final KeyPath QUEUE = KeyPath.of("openfaas", "jetstream");

  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    var queue = config.openfaas().jetstream().isPresent();
    config
        .functions()
        .forEach(
            (name, function) -> {
              var path = KeyPath.of("functions", name);
              function
                  .labels()
                  .keySet()
                  .forEach(
                      key ->
                          OwnMetadata.ofLabel(key)
                              .ifPresent(
                                  refusal ->
                                      problems.add(
                                          path.key("labels").key(key),
                                          refusal.reason(),
                                          refusal.fix())));
              function
                  .annotations()
                  .keySet()
                  .forEach(
                      key ->
                          OwnMetadata.ofAnnotation(key, queue)
                              .ifPresent(
                                  refusal ->
                                      problems.add(
                                          path.key("annotations").key(key),
                                          refusal.reason(),
                                          refusal.fix(),
                                          QUEUE)));
              checkSize(function.annotations(), path.key("annotations"), problems);
            });
  }

  private static void checkSize(Map<String, String> annotations, KeyPath path, Problems problems) {
    var bytes =
        annotations.entrySet().stream()
            .mapToLong(it -> it.getKey().length() + (long) it.getValue().getBytes(UTF_8).length)
            .sum();
    if (bytes > MOST) {
      problems.add(
          path,
          "%d bytes in all are more than Kubernetes takes".formatted(bytes),
          "use %d or less".formatted(MOST));
    }
  }
}
