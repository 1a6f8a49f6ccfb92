package dev.nordfaas.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpsUrlTest {
  /** Of the third and the fourth, java.net.URI finds neither host nor port. */
  @ParameterizedTest
  @CsvSource({
    "https://ca.example.no/acme/directory, ca.example.no, 443",
    "https://ca.example.no:14000/dir, ca.example.no, 14000",
    "https://ca.3com:14000/dir, ca.3com, 14000",
    "https://ca.3com, ca.3com, 443",
    "https://192.0.2.10:8443, 192.0.2.10, 8443"
  })
  void leadsToAHostAndAPort(String url, String host, int port) {
    assertThat(HttpsUrl.parse(url)).isEqualTo(new HttpsUrl(host, port));
  }
}
