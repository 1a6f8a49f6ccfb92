package dev.nordfaas.queueworker.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

  @ParameterizedTest
  @CsvSource({
    "203.0.113.7, 203.0.113.7",
    "2001:db8:1:2:3:4:5:6, 20010db800010002/64",
    "2001:DB8:1:2::1, 20010db800010002/64",
    "2001:db8:1:3::1, 20010db800010003/64",
    "fe80::1%eth0, fe80000000000000/64",
    "::ffff:203.0.113.7, 203.0.113.7",
  })
  void countsAClientByTheAddressThatTheEdgeSaw(String seen, String client) {
    assertThat(RequestHeaders.client(headers("Nordfaas-Client-Ip", seen), "10.42.0.9"))
        .isEqualTo(client);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "localhost", "example.no", "1", "a:b", "203.0.113.7, 10.0.0.1", ":::"})
  void takesThePeerWhereThatIsNoAddress(String seen) {
    assertThat(RequestHeaders.client(headers("Nordfaas-Client-Ip", seen), "10.42.0.9"))
        .isEqualTo("10.42.0.9");
  }

  @Test
  void takesThePeerOfARequestPastTheEdge() {
    assertThat(RequestHeaders.client(headers("X-Forwarded-For", "203.0.113.7"), "10.42.0.9"))
        .isEqualTo("10.42.0.9");
    assertThat(
            RequestHeaders.client(
                headers("Nordfaas-Client-Ip", "203.0.113.7")
                    .add("Nordfaas-Client-Ip", "203.0.113.8"),
                "10.42.0.9"))
        .isEqualTo("10.42.0.9");
  }

  private static MultiMap headers(String name, String value) {
    return MultiMap.caseInsensitiveMultiMap().add(name, value);
  }
}
