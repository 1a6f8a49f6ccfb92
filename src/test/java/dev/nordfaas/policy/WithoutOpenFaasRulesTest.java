package dev.nordfaas.policy;

import static dev.nordfaas.config.check.RuleCheck.problems;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the rules ask of a stack without OpenFaaS. */
class WithoutOpenFaasRulesTest {
  private static final String NOT_USED = "is not used, as openfaas.edition is none; ";
  private static final String FIX = "remove it, or set openfaas.edition to another one";

  /** Oslo without OpenFaaS, and with more keys of its section. */
  private static String without(String openfaas, String... more) {
    return "remove: [nordfaas:edge.adminCidrs]\nset: {nordfaas:openfaas: {edition: none, %s}%s}"
        .formatted(openfaas, Stream.of(more).map(", "::concat).collect(Collectors.joining()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "acceptCommunityEdition: true|acceptCommunityEdition",
        "license: {secure: x}|license",
        "jetstream: {}|jetstream",
        "rotation: {password: '2026-12-01'}|rotation.password",
        "gateway: {image: 'ghcr.io/openfaas/gateway:0.27.13'}|gateway.image",
        "gateway: {replicas: 2}|gateway.replicas",
        "gateway: {resources: {requests: {cpu: 50m}}}|gateway.resources",
        "provider: {image: 'ghcr.io/openfaas/faas-netes:0.18.17'}|provider.image",
        "provider: {resources: {limits: {memory: 512Mi}}}|provider.resources",
      })
  void refuseWhatOnlyOpenFaasUses(String openfaas, String key) {
    assertThat(problems(new WithoutOpenFaasRule(), without(openfaas)))
        .containsExactly("openfaas.%s: %s%s".formatted(key, NOT_USED, FIX));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "upstreamTimeout|remove it; a call may take functions.<name>.timeout",
        "readTimeout|remove it, or set edge.timeouts.readBody instead",
        "writeTimeout|remove it, or set edge.timeouts.response instead",
      })
  void sayWhatTakesThePlaceOfTheGatewaysTimeouts(String key, String fix) {
    assertThat(problems(new WithoutOpenFaasRule(), without("gateway: {%s: 90s}".formatted(key))))
        .containsExactly("openfaas.gateway.%s: %s%s".formatted(key, NOT_USED, fix));
  }

  @Test
  void refuseAdministratorsOfNothing() {
    assertThat(problems(new WithoutOpenFaasRule(), "set: {nordfaas:openfaas: {edition: none}}"))
        .containsExactly(
            "edge.adminCidrs: is not used, as openfaas.edition is none: there is no administration; "
                + FIX);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "prometheus: {}",
        "registries: {registry.example.no: {username: puller, password: {secure: x}}}",
        "gateway: {}, provider: {}, acceptCommunityEdition: false"
      })
  void allowWhatDoesNotNeedOpenFaas(String openfaas) {
    for (var rule : new Rule[] {new WithoutOpenFaasRule(), new LicenseRule()}) {
      assertThat(problems(rule, without(openfaas))).isEmpty();
    }
  }

  @Test
  void saysNothingWhereThereIsOpenFaas() {
    assertThat(
            problems(
                new WithoutOpenFaasRule(),
                "set: {nordfaas:openfaas.gateway.replicas: 2, nordfaas:openfaas.rotation.password: '2026-12-01'}"))
        .isEmpty();
  }

  /** Of the Community Edition: 15 functions, 5 replicas, not in production. */
  @Test
  void knowNoLimitsOfALicense() {
    var functions =
        IntStream.range(0, 20)
            .mapToObj(
                "nordfaas:functions.f%d: {image: 'registry.example.no/f:1', scale: {min: 1, max: 20}}"
                    ::formatted)
            .collect(Collectors.joining(", "));

    assertThat(
            problems(
                new LicenseRule(),
                without(
                    "prometheus: {}", "nordfaas:datacenter.environment: production", functions)))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/system/orders", "/ui", "/healthz", "/async-function"})
  void leavePathsOfTheGatewayToFunctions(String path) {
    assertThat(
            problems(
                new RouteRule(),
                without("", "nordfaas:functions.order-status.http.paths: [%s]".formatted(path))))
        .isEmpty();
  }

  @Test
  void keepThePathsThatEveryFunctionHas() {
    assertThat(
            problems(
                new RouteRule(),
                without("", "nordfaas:functions.order-status.http.paths: [/function/other]")))
        .containsExactly(
            "functions.order-status.http.paths[0]: /function belongs to the functions, each of which has its own there; choose another path, such as /orders");
  }

  @Test
  void keepTheNamesOfTheServicesOfPods() {
    var function = "nordfaas:functions.order-pods: {image: 'registry.example.no/f:1'}";

    assertThat(problems(new FunctionNameRule(), without("", function)))
        .containsExactly(
            "functions.order-pods: names that end in -pods are reserved for the services by which the edge finds pods; choose another name");
    assertThat(problems(new FunctionNameRule(), "set: {%s}".formatted(function))).isEmpty();
  }

  @Test
  void letCallsTakeAsLongAsTheirFunctionMay() {
    assertThat(
            problems(
                new TimeoutRule(), without("", "nordfaas:functions.order-status.timeout: 10m")))
        .isEmpty();
  }

  @Test
  void letTheEdgeWaitLongerThanEachFunctionThatItCalls() {
    assertThat(
            problems(
                new TimeoutRule(),
                without(
                    "",
                    "nordfaas:functions.order-status.timeout: 40s",
                    "nordfaas:edge.timeouts.response: 40s")))
        .containsExactly(
            "edge.timeouts.response: 40s is not above the timeout 40s of function order-status; raise it, or remove it: it then follows the functions' timeouts");
  }

  /** Caddy would wait for ever; no function with http is there to compare it with. */
  @Test
  void doNotLetTheEdgeWaitForEver() {
    assertThat(
            problems(
                new TimeoutRule(),
                "remove: [nordfaas:edge.adminCidrs, nordfaas:functions.order-status.http]\n"
                    + "set: {nordfaas:openfaas: {edition: none}, nordfaas:edge.timeouts.response: 0s}"))
        .containsExactly("edge.timeouts.response: 0s is too short; use 1s or more");
  }

  /** The worker waits for those, and knows how long. */
  @Test
  void letFunctionsThatTheEdgeDoesNotCallTakeLonger() {
    assertThat(
            problems(
                new TimeoutRule(),
                without(
                    "",
                    "nordfaas:functions.order-processor.timeout: 50s",
                    "nordfaas:edge.timeouts.response: 40s")))
        .isEmpty();
  }

  @Test
  void letWritingTakeAsLongAsBodyAndResponse() {
    assertThat(problems(new TimeoutRule(), without("", "nordfaas:edge.timeouts.write: 99s")))
        .containsExactly(
            "edge.timeouts.write: 99s is below readBody 65s and response 35s together, 100s; raise it, or remove it: it then follows them");
  }
}
