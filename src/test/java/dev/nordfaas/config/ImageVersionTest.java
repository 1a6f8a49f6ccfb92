package dev.nordfaas.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageVersionTest {

  @ParameterizedTest
  @CsvSource({
    "docker.io/library/nats:2.14.5-alpine, 2.14.5",
    "docker.io/edoburu/pgbouncer:v1.25.2-p0, 1.25.2",
    "registry.example.no:5000/pgbouncer:1.18, 1.18.0",
    "nats:2.14.5@sha256:0123, 2.14.5"
  })
  void isTheTag(String image, String version) {
    assertThat(ImageVersion.of(image).map(ImageVersion::toString)).hasValue(version);
  }

  @ParameterizedTest
  @ValueSource(strings = {"nats:edge", "registry:5000/nats", "nats@sha256:0123", "nats:20240101"})
  void isEmptyWhereTagIsNone(String image) {
    assertThat(ImageVersion.of(image)).isEmpty();
  }
}
