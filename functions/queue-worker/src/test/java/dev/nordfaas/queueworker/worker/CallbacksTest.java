package dev.nordfaas.queueworker.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallbacksTest {
  private static final Set<String> HOSTS = Set.of("shop.example.no", "10.0.0.7:8080");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://shop.example.no/done",
        "https://SHOP.example.no/done?order=1",
        "http://shop.example.no:8443/done",
        "http://10.0.0.7:8080/"
      })
  void takesHostsOfTheList(String url) {
    assertThat(Callbacks.allowed(url, HOSTS)).hasValue(URI.create(url));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://shop.example.no.evil.example/done",
        "https://evil.example/shop.example.no",
        "https://shop.example.no@evil.example/",
        "https://user:password@shop.example.no/",
        "http://10.0.0.7/",
        "http://10.0.0.7:8081/",
        "ftp://shop.example.no/",
        "file:///etc/passwd",
        "//shop.example.no/",
        "shop.example.no",
        "http://shop.example.no\\@evil.example/",
        ""
      })
  void refusesAllElse(String url) {
    assertThat(Callbacks.allowed(url, HOSTS)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://shop.example.no/done", "http://localhost/"})
  void refusesEverythingWithoutAList(String url) {
    assertThat(Callbacks.allowed(url, Set.of())).isEmpty();
  }
}
