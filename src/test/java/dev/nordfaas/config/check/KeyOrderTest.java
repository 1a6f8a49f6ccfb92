package dev.nordfaas.config.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.model.ConfigModel;
import dev.nordfaas.config.model.KeyPath;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class KeyOrderTest {

  @Test
  void isThatOfTheReference() {
    var sorted =
        List.of(
            KeyPath.of("datacenter", "country"),
            KeyPath.of("nodes"),
            KeyPath.of("nodes", "a", "address"),
            KeyPath.of("nodes", "a", "memory"),
            KeyPath.of("nodes", "a", "unknown"),
            KeyPath.of("nodes", "b", "role"),
            KeyPath.of("nats", "streams", "orders", "subjects").index(2),
            KeyPath.of("nats", "streams", "orders", "subjects").index(10),
            KeyPath.of("a-section"));

    assertThat(Stream.iterate(sorted.size() - 1, i -> i - 1).limit(sorted.size()).map(sorted::get))
        .satisfies(
            reversed ->
                assertThat(
                        reversed.stream().sorted(new KeyOrder(ConfigModel.stackConfig())).toList())
                    .isEqualTo(sorted));
  }
}
