package dev.nordfaas.queueworker.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestHeadersTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json",
        "Application/JSON",
        "application/json; charset=utf-8",
        "application/cloudevents+json"
      })
  void takesJson(String type) {
    assertThat(RequestHeaders.isJson(headers("Content-Type", type))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "text/plain", "application/jsonp", "application/xml", "json", "+json"})
  void takesNothingElse(String type) {
    assertThat(RequestHeaders.isJson(headers("Content-Type", type))).isFalse();
  }

  @Test
  void takesTheClientThatTheNearestProxySaw() {
    var headers = headers("X-Forwarded-For", "198.51.100.1, 203.0.113.7");

    assertThat(RequestHeaders.client(headers, "10.42.0.9")).isEqualTo("203.0.113.7");
  }

  @Test
  void takesTheOtherEndWithoutAProxy() {
    assertThat(RequestHeaders.client(MultiMap.caseInsensitiveMultiMap(), "10.42.0.9"))
        .isEqualTo("10.42.0.9");
  }

  private static MultiMap headers(String name, String value) {
    return MultiMap.caseInsensitiveMultiMap().add(name, value);
  }
}
