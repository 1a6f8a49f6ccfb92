package dev.nordfaas.postgres.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.PostgresConfig.OperatorConfig;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OperatorTest {
  private static final String DIGEST =
      "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

  /** The chart's Deployment has {@code "{{ repository }}:{{ tag }}"} (0.29.0, deployment.yaml). */
  @ParameterizedTest
  @CsvSource({
    "registry.example.no/cloudnative-pg:1.30.0, registry.example.no/cloudnative-pg, 1.30.0",
    "registry.example.no:5000/cloudnative-pg:1.30.0, registry.example.no:5000/cloudnative-pg, 1.30.0",
    "example.no/pg@"
        + DIGEST
        + ", example.no/pg@sha256, 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
    "example.no/pg:1.30.0@" + DIGEST + ", example.no/pg, 1.30.0@" + DIGEST,
  })
  void anImageIsGivenToTheChartInTwoParts(String image, String repository, String tag) {
    assertThat(Operator.values(config(Optional.of(image))))
        .contains("image: {repository: \"%s\", tag: \"%s\"}".formatted(repository, tag));
  }

  @Test
  void withoutAnImageTheChartHasItsOwn() {
    assertThat(Operator.values(config(Optional.empty()))).doesNotContain("image:");
  }

  private static OperatorConfig config(Optional<String> image) {
    return new OperatorConfig(
        "https://cloudnative-pg.github.io/charts",
        "0.29.0",
        image,
        "registry.k8s.io/kubectl:v1.35.4");
  }
}
