package dev.nordfaas.config.model;

import static org.assertj.core.api.Assertions.assertThat;

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
}
