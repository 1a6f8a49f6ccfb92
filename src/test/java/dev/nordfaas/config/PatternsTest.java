package dev.nordfaas.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PatternsTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "oslo-1",
        "3com",
        "1.2.3.example",
        "VPS1.Example.no",
        "192.0.2.10",
        "255.255.255.255",
        "0.0.0.0",
        "2001:db8:1:2:3:4:5:6",
        "2001:DB8::1",
        "2001:db8:1:2:3:4:5::",
        "::2:3:4:5:6:7:8",
        "1:2::7:8",
        "::1",
        "::"
      })
  void hostIsNameOrAddress(String host) {
    assertThat(host).matches(Patterns.HOST);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-a",
        "a-",
        "a..b",
        "a_b",
        "10",
        "192.0.2",
        "192.0.2.256",
        "192.0.2.010",
        "1.2.3.4.5",
        "oslo.example.no:22",
        "192.0.2.10:22",
        "1:2",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "1::2::3",
        "1:2:3:4::5:6:7:8",
        ":1::",
        "12345::",
        "g::",
        "fe80::1%eth0",
        "blåbær.no"
      })
  void hostIsNothingElse(String host) {
    assertThat(host).doesNotMatch(Patterns.HOST);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"192.0.2.10", "::", "::1", "2001:db8:1:2:3:4:5::", "::2:3:4:5:6:7:8", "1:2::7:8"})
  void addressIsReadWithoutLookUp(String address) throws UnknownHostException {
    assertThat(address).matches(Patterns.IPV4 + "|" + Patterns.IPV6);
    assertThat(InetAddress.getByName(address).getAddress()).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ghcr.io/a/b:1.0", "ghcr.io/a/b@sha256:%s", "r:5000/b:1.0@sha256:%s"})
  void imageHasATagOrADigestOrBoth(String image) {
    assertThat(image.formatted("0".repeat(64))).matches(Patterns.IMAGE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ghcr.io/a/b", "ghcr.io/a/b:latest", "a@sha256:12", "a:1@1", "a:@sha256:%s"})
  void imageIsPinned(String image) {
    assertThat(image.formatted("0".repeat(64))).doesNotMatch(Patterns.IMAGE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://mirror.example.no",
        "https://mirror.3com:8443/path",
        "https://192.0.2.10:1/",
        "https://mirror:65535"
      })
  void urlIsOfANameOrAnAddress(String url) {
    assertThat(url).matches(Patterns.HTTPS_URL);
  }

  /** Each was accepted by an earlier pattern; of some, Java finds no host. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://-",
        "https://.",
        "https://a..b",
        "https://mirror-.example.no",
        "https://192.0.2.256",
        "https://10",
        "https://mirror.example.no:0",
        "https://mirror.example.no:65536",
        "https://mirror.example.no:"
      })
  void urlIsOfNothingElse(String url) {
    assertThat(url).doesNotMatch(Patterns.HTTPS_URL);
  }
}
