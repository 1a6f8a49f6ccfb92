package dev.nordfaas.config.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Origins as people write them. */
class WebOriginTest {
  private static final String AT = "functions.order-status.http.cors.origins";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          https://app.example.no/ | goes on after host and port, where an origin ends; write https://app.example.no
          https://App.example.no:443/login?x#y | goes on after host and port, where an origin ends; write https://app.example.no
          https://app.example.no?x | goes on after host and port, where an origin ends; write https://app.example.no
          app.example.no | has no scheme; write https://app.example.no
          app.example.no:8443/x | has no scheme; write https://app.example.no:8443
          * | has a wildcard, and origins are compared as they are; list each, such as https://app.example.no
          https://*.example.no | has a wildcard, and origins are compared as they are; list each, such as https://app.example.no
          null | is what browsers send for pages without an origin, which anybody can make; serve the page from a host, and use its origin, such as https://app.example.no
          https://app.example.no:443 | has the port that browsers leave out; write https://app.example.no
          http://localhost:80 | has the port that browsers leave out; write http://localhost
          https://App.Example.no | has capital letters, and browsers send none; write https://app.example.no
          HTTPS://app.example.no | has capital letters, and browsers send none; write https://app.example.no
          https://blåbær.no:8443 | has letters that browsers send in another form; write https://xn--blbr-roah.no:8443
          capacitor://localhost | is neither of https nor of http; use the origin of a page, such as https://app.example.no
          file:///index.html | is neither of https nor of http; use the origin of a page, such as https://app.example.no
          https://app.example.no. | is not valid; use the origin of a page, such as https://app.example.no
          https://app_1.example.no | is not valid; use the origin of a page, such as https://app.example.no
          https://app.example.no:0 | is not valid; use the origin of a page, such as https://app.example.no
          https://a.example.no,https://b.example.no | goes on after host and port, where an origin ends; use the origin of a page, such as https://app.example.no
          https:// | is not valid; use the origin of a page, such as https://app.example.no
          """)
  void refusesWhatNoBrowserSends(String origin, String problem) {
    assertThat(problems(origin)).containsExactly("%s[0]: \"%s\" %s".formatted(AT, origin, problem));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://ola:s3cret@app.example.no",
        "https://s3cret@app.example.no/*",
        "s3cret@a"
      })
  void showsNoPassword(String origin) {
    assertThat(problems(origin))
        .containsExactly(
            AT
                + "[0]: the value has a user name or a password, and an origin is scheme, host and port; remove it, and change the password: the config is no place for it");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://app.example.no",
        "https://app.example.no:8443",
        "https://app.example.no:80",
        "https://xn--blbr-roah.no",
        "https://192.0.2.10:8443",
        "http://localhost:443",
        "http://localhost:5173"
      })
  void allowsWhatBrowsersSend(String origin) {
    assertThat(problems(origin)).isEmpty();
  }

  @Test
  void isOneAtLeast() {
    assertThat(
            RuleCheck.problems(
                (config, plan, found) -> {}, "set: {'nordfaas:%s': []}".formatted(AT)))
        .containsExactly(AT + ": is empty; add at least one, for example [https://app.example.no]");
  }

  private static List<String> problems(String origin) {
    return RuleCheck.problems(
        (config, plan, found) -> {}, "set: {'nordfaas:%s': [\"%s\"]}".formatted(AT, origin));
  }
}
