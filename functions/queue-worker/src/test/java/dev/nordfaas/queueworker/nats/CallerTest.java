package dev.nordfaas.queueworker.nats;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallerTest {
  private static final String ISSUER = "https://maskinporten.no/";
  private static final String SUBJECT = "0192:991825827";

  @Test
  void isWhoTheHeadersName() {
    var headers = named(ISSUER, SUBJECT).add("Nordfaas-Caller-Claims", "{\"scope\":\"a b\"}");

    assertThat(Caller.of(headers::getAll))
        .hasValue(new Caller(ISSUER, SUBJECT, Optional.of("{\"scope\":\"a b\"}")));
  }

  @Test
  void isNobodyWithoutHeaders() {
    var none = MultiMap.caseInsensitiveMultiMap();

    assertThat(Caller.isValid(none::getAll)).isTrue();
    assertThat(Caller.of(none::getAll)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "%C3%B8", "100%25", "CN=client,O=Shop", "!#~"})
  void takesSubjects(String subject) {
    assertThat(Caller.isValid(named(ISSUER, subject)::getAll)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "a b", "a, b", "\u00f8", "\t", "a\u0000", "\u007f", "100%", "%4", "%zz"})
  void takesNoOtherSubjects(String subject) {
    assertNobody(named(ISSUER, subject));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "https://issuer.example.no/, x", "\u00f8", "a\nb"})
  void takesNoOtherIssuers(String issuer) {
    assertNobody(named(issuer, SUBJECT));
  }

  @Test
  void takes256CharactersAndNoMore() {
    assertThat(Caller.isValid(named("i".repeat(256), "s".repeat(256))::getAll)).isTrue();
    assertNobody(named("i".repeat(257), SUBJECT));
    assertNobody(named(ISSUER, "s".repeat(257)));
    // As many characters as the function gets, not as it reads.
    assertNobody(named(ISSUER, "%C3%B8".repeat(43)));
  }

  @Test
  void takes4096CharactersOfClaimsAndNoMore() {
    var headers = named(ISSUER, SUBJECT);

    assertThat(Caller.isValid(headers.set("Nordfaas-Caller-Claims", "x".repeat(4096))::getAll))
        .isTrue();
    assertNobody(headers.set("Nordfaas-Caller-Claims", "x".repeat(4097)));
    assertNobody(headers.set("Nordfaas-Caller-Claims", "{\"name\":\"\u00f8\"}"));
    assertNobody(headers.set("Nordfaas-Caller-Claims", ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Nordfaas-Caller-Issuer", "Nordfaas-Caller-Subject", "Nordfaas-Caller-Claims"})
  void takesEachHeaderOnce(String header) {
    var headers = named(ISSUER, SUBJECT).add("Nordfaas-Caller-Claims", "{}");

    assertNobody(headers.add(header.toLowerCase(Locale.ROOT), headers.get(header)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Nordfaas-Caller-Issuer", "Nordfaas-Caller-Subject", "Nordfaas-Caller-Claims"})
  void takesNoHeaderOnItsOwn(String header) {
    assertNobody(MultiMap.caseInsensitiveMultiMap().add(header, "{}"));
  }

  @Test
  void isAnotherUnderAnotherIssuerHoweverTheTwoAreCut() {
    assertThat(caller("a", "bc").digestText()).isNotEqualTo(caller("ab", "c").digestText());
  }

  @Test
  void isTheSameWithOtherClaims() {
    var later = new Caller(ISSUER, SUBJECT, Optional.of("{\"scope\":\"b\"}"));

    assertThat(later.digestText())
        .isEqualTo(caller(ISSUER, SUBJECT).digestText())
        .matches("[A-Za-z0-9_-]{43}");
  }

  private static Caller caller(String issuer, String subject) {
    return new Caller(issuer, subject, Optional.empty());
  }

  private static MultiMap named(String issuer, String subject) {
    return MultiMap.caseInsensitiveMultiMap()
        .add("Nordfaas-Caller-Issuer", issuer)
        .add("Nordfaas-Caller-Subject", subject);
  }

  private static void assertNobody(MultiMap headers) {
    assertThat(Caller.isValid(headers::getAll)).isFalse();
    assertThat(Caller.of(headers::getAll)).isEmpty();
  }
}
