package dev.nordfaas.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class KeyPathTest {

  @Test
  void isWrittenAsPulumiWritesIt() {
    assertThat(KeyPath.of("nats", "streams", "orders", "subjects").index(0))
        .hasToString("nordfaas:nats.streams.orders.subjects[0]");
    assertThat(KeyPath.of("host", "sysctls").key("net.core.somaxconn"))
        .hasToString("nordfaas:host.sysctls[\"net.core.somaxconn\"]");
    assertThat(KeyPath.of("nodes", "a\"b").key("role"))
        .hasToString("nordfaas:nodes[\"a\\\"b\"].role");
  }

  @Test
  void isOrderedAsInTheReference() {
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
