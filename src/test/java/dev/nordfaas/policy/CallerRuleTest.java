package dev.nordfaas.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.check.RuleCheck;
import dev.nordfaas.testing.CaddyServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallerRuleTest {
  private static final String SHORT = "0123456789abcdef0123456789abcde";
  private static final String ROOT =
      CaddyServer.certificate("server").caCertificate().replace("\n", "\\n");
  private static final String WHY =
      ": has fewer than 32 characters, so it could be found by trying; use one that was drawn at random, such as by `openssl rand -hex 32`";

  @Test
  void refusesShortApiKeysAndDoesNotShowThem() {
    var problems =
        RuleCheck.problemsOfDecrypted(
            new CallerRule(),
            "edge",
            "set: {nordfaas:edge.apiKeys: {partner-a: {key: %1$s, previous: %1$s}}}"
                .formatted(SHORT));

    assertThat(problems)
        .containsExactly(
            "edge.apiKeys.partner-a.key" + WHY, "edge.apiKeys.partner-a.previous" + WHY)
        .noneMatch(problem -> problem.contains(SHORT));
  }

  @Test
  void allowsApiKeysOf32Characters() {
    assertThat(
            RuleCheck.problemsOfDecrypted(
                new CallerRule(),
                "edge",
                "set: {nordfaas:edge.apiKeys: {partner-a: {key: %sf}}}".formatted(SHORT)))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0123456789abcdef,0123456789abcdef",
        "0123456789abcdef 0123456789abcdef",
        "0123456789abcdef0123456789abcdef\\n",
        "0123456789abcdef0123456789abcdeå"
      })
  void refusesApiKeysThatNoHeaderBringsAndDoesNotShowThem(String key) {
    var problems =
        RuleCheck.problemsOfDecrypted(
            new CallerRule(),
            "edge",
            "set: {nordfaas:edge.apiKeys: {partner-a: {key: \"%s\"}}}".formatted(key));

    assertThat(problems)
        .containsExactly(
            "edge.apiKeys.partner-a.key: has a comma, a space, or what is no visible ASCII, and would not get through in a header; use one that was drawn at random, such as by `openssl rand -hex 32`");
  }

  /** As some generators of passwords draw it. */
  @Test
  void allowsApiKeysOfEveryOtherVisibleCharacter() {
    assertThat(
            RuleCheck.problemsOfDecrypted(
                new CallerRule(),
                "edge",
                "set: {nordfaas:edge.apiKeys: {partner-a: {key: '!#$&()*+-./09:;<=>?@AZ[]^_`az{|}~'}}}"))
        .isEmpty();
  }

  /** Before the first secret is set, all are made up. */
  @Test
  void allowsWhatAPreviewMakesUp() throws IOException {
    var madeUp =
        Files.readAllLines(Path.of("tools/stack")).stream()
            .filter(line -> line.startsWith("readonly MADE_UP="))
            .map(line -> line.split("'")[1])
            .findFirst()
            .orElseThrow();

    assertThat(
            RuleCheck.problemsOfDecrypted(
                new CallerRule(),
                "edge",
                "set: {nordfaas:edge.apiKeys: {partner-a: {key: '%s:edge.apiKeys.partner-a.key'}}}"
                    .formatted(madeUp)))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{partner-a: {key: %1$s0}, partner-b: {key: %1$s0}}",
        "{partner-a: {key: %1$s0}, partner-b: {key: %1$s1, previous: %1$s0}}"
      })
  void refusesAnApiKeyOfTwoCallersAndDoesNotShowIt(String keys) {
    var problems =
        RuleCheck.problemsOfDecrypted(
            new CallerRule(),
            "edge",
            "set: {nordfaas:edge.apiKeys: %s}".formatted(keys.formatted(SHORT)));

    assertThat(problems)
        .hasSize(1)
        .allMatch(
            problem ->
                problem.matches(
                    "edge\\.apiKeys\\.partner-b\\.(key|previous): is also nordfaas:edge\\.apiKeys\\.partner-a\\.key, and the edge tells callers apart by their keys; give each a key of its own, such as by `openssl rand -hex 32`"))
        .noneMatch(problem -> problem.contains(SHORT));
  }

  @Test
  void allowsAKeyThatIsItsOwnPreviousOne() {
    assertThat(
            RuleCheck.problemsOfDecrypted(
                new CallerRule(),
                "edge",
                "set: {nordfaas:edge.apiKeys: {partner-a: {key: %1$s0, previous: %1$s0}}}"
                    .formatted(SHORT)))
        .isEmpty();
  }

  /** In a stack's file each is the same placeholder, whatever it is. */
  @Test
  void saysNothingOfKeysThatNobodyCouldDecrypt() {
    assertThat(problems("{}")).isEmpty();
    assertThat(
            problems(
                "set: {nordfaas:edge.apiKeys.partner-b: {key: {secure: placeholder}}, nordfaas:functions.order-status.http.auth: {apiKeys: [partner-a, partner-b]}}"))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "ca.crt", "-----BEGIN CERTIFICATE----- AAAA -----END CERTIFICATE-----"})
  void refusesAnAuthorityThatIsNoPem(String roots) {
    assertThat(problems("set: {nordfaas:edge.authorities.partners.roots: '%s'}".formatted(roots)))
        .containsExactly(
            "edge.authorities.partners.roots: is not one or more certificates in PEM; use blocks from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----, and nothing else");
  }

  @Test
  void refusesALimitOfNothing() {
    assertThat(problems(limit("{}")))
        .containsExactly(
            "edge.callerLimit: limits nothing; add requests, bytes or inFlight, or remove it");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{requests: 1}", "{bytes: 1Mi}", "{inFlight: 1, window: 1h}"})
  void allowsALimitOfAnything(String limit) {
    assertThat(problems(limit(limit))).isEmpty();
  }

  @Test
  void refusesALimitThatNoLargeRequestMeets() {
    assertThat(problems(limit("{bytes: 1023Ki}")))
        .containsExactly(
            "edge.callerLimit.bytes: 1023Ki is less than one request may have, edge.maxRequestBody 1Mi, which would never get through; use 1Mi or more");
  }

  @ParameterizedTest
  @ValueSource(strings = {"999ms", "3601s", "0s"})
  void refusesAWindowOutOfRange(String window) {
    assertThat(problems(limit("{requests: 1, window: %s}".formatted(window))))
        .containsExactly(
            "edge.callerLimit.window: %s is out of range; use 1s to 1h".formatted(window));
  }

  @Test
  void warnsOfWhatNoRouteLetsCallersInBy() {
    assertThat(
            warnings(
                """
                set:
                  nordfaas:edge.authorities.partners.roots: "%s"
                  nordfaas:edge.callerLimit: {requests: 1}
                  nordfaas:queueWorker.intake.routes.orders.auth: {public: true}
                  nordfaas:functions.order-status.http.auth: {public: true}
                """
                    .formatted(ROOT)))
        .containsExactly(
            "edge.issuers.maskinporten: no route lets callers in by it; name it in a route's auth, or remove it",
            "edge.apiKeys.partner-a: no route lets callers in by it; name it in a route's auth, or remove it",
            "edge.authorities.partners: no route lets callers in by it; name it in a route's auth, or remove it",
            "edge.callerLimit: limits nobody, as no route asks who is calling; give a route an auth that is not public, or remove it");
  }

  @Test
  void whatStatusesAreAskedWithIsUsed() {
    assertThat(
            warnings(
                """
                set:
                  nordfaas:queueWorker.intake.statusAuth: {basic: [partner-a]}
                  nordfaas:functions.order-status.http.auth: {issuer: maskinporten}
                """))
        .isEmpty();
  }

  private static String limit(String limit) {
    return "set: {nordfaas:edge.callerLimit: %s}".formatted(limit);
  }

  private static List<String> problems(String patch) {
    return RuleCheck.problems(new CallerRule(), patch);
  }

  private static List<String> warnings(String patch) {
    return RuleCheck.warnings(new CallerRule(), patch);
  }
}
