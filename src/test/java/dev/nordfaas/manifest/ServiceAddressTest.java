package dev.nordfaas.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ServiceAddressTest {
  @Test
  void isTheUrlThatOtherPodsUse() {
    assertThat(ServiceAddress.function("order-processor").url())
        .isEqualTo("http://order-processor.openfaas-fn.svc.cluster.local:8080");
  }
}
