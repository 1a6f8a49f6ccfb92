package dev.nordfaas.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.check.ConfigLoader;
import dev.nordfaas.config.check.PatchedConfig;
import dev.nordfaas.plan.Plan;
import dev.nordfaas.policy.CheckedPlan;
import dev.nordfaas.policy.Rules;
import dev.nordfaas.testing.Fixtures;
import dev.nordfaas.testing.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReportPageTest {
  private static final Path RECORDED = Path.of("src/test/resources/report");

  /** What {@code changed.json} is the preview of. */
  static final String CHANGE =
      """
      remove: [nordfaas:functions.order-status]
      set:
        nordfaas:k3s.version: v1.34.5+k3s1
        nordfaas:openfaas.rotation: {password: "2026-06-01"}
        nordfaas:functions.order-processor.image: ghcr.io/nordfaas/order-processor:0.1.1
        nordfaas:functions.invoices:
          image: ghcr.io/nordfaas/order-processor:0.1.0
          scale: {min: 1, max: 2}
          http: {paths: [/invoices], methods: [GET], auth: {apiKeys: [partner-a]}}
          database: {name: orders, grant: read}
          egress: [{host: api.example.no, cidr: 203.0.113.0/24, port: 443}]
      """;

  private static CheckedPlan checked(String stack) {
    return ConfigLoader.load(Fixtures.source(stack), Rules::check);
  }

  private static CheckedPlan patched(String patch) {
    return new CheckedPlan(Plan.of(PatchedConfig.of("oslo", patch)), List.of());
  }

  private static Preview recorded(String name) throws IOException {
    return PreviewJson.read(Files.readString(RECORDED.resolve(name)));
  }

  private static String page(
      String stack, CheckedPlan checked, Optional<Preview> preview, Before before) {
    return ReportPage.render(Report.of(stack, checked, preview, before), Page.LIMIT);
  }

  private static String page(CheckedPlan checked, Before before) {
    return page("oslo", checked, Optional.empty(), before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"oslo", "bergen"})
  void ofAConfig(String stack) {
    Golden.assertMatches(
        "report/%s.md".formatted(stack),
        page(stack, checked(stack), Optional.empty(), new Before.Nothing()));
  }

  @Test
  void ofAStackThatIsNotThereYet() throws IOException {
    Golden.assertMatches(
        "report/oslo-created.md",
        page("oslo", checked("oslo"), Optional.of(recorded("created.json")), new Before.Nothing()));
  }

  @Test
  void ofAChangeThatReplacesAndDeletes() throws IOException {
    Golden.assertMatches(
        "report/oslo-changed.md",
        page(
            "oslo",
            patched(CHANGE),
            Optional.of(recorded("changed.json")),
            new Before.Earlier(Plan.of(Fixtures.oslo()))));
  }

  /** The documentation shows what the golden file does. */
  @Test
  void isInTheDocumentation() throws IOException {
    var document = Files.readString(Path.of("docs/report.md"));

    assertThat(document)
        .contains(
            Files.readString(Path.of("src/test/resources/golden/report/oslo-changed.md"))
                .replaceAll("(?m)^## ", "### "));
  }

  @Test
  void marksNewDestinationsOnly() {
    var page =
        page(
            patched(
                "set: {nordfaas:functions.order-status.egress: [{host: api.example.no, cidr:"
                    + " 203.0.113.0/24, port: 8443}]}"),
            new Before.Earlier(Plan.of(Fixtures.oslo())));

    assertThat(page.lines().filter(line -> line.contains("**new**")))
        .containsExactly(
            "| `api.example.no` in `203.0.113.0/24` port 8443 | `openfaas-fn/order-status` 🔴 **new** | unknown |");
    assertThat(page).contains("🔴 **1 new**");
  }

  @Test
  void saysWhatTheChangeCosts() {
    var page =
        page(
            patched("set: {nordfaas:nodes.oslo-1.monthlyPriceNok: 2000}"),
            new Before.Earlier(Plan.of(Fixtures.oslo())));

    assertThat(page).contains("**Cost**: 2000 NOK a month, +110; the limit is 2500\n");
  }

  @Test
  void saysWhatTheChangeAsksForInTotal() {
    var page =
        page(
            patched("set: {nordfaas:functions.order-status.scale: {min: 3, max: 5}}"),
            new Before.Earlier(Plan.of(Fixtures.oslo())));

    assertThat(page)
        .contains(
            "compared with before, +0.50 CPU, +0.5 GiB memory and +0.6 GiB disk are asked for");
  }

  @Test
  void saysThatTheConfigBeforeCannotBeRead() {
    assertThat(page(checked("oslo"), new Before.Unusable()))
        .contains("**Before**: this program does not accept the config as it was");
  }

  @Test
  void saysThatItDoesNotKnowThePriceOfNodesWithoutOne() {
    assertThat(page("small", checked("small"), Optional.empty(), new Before.Nothing()))
        .contains("**Cost**: unknown: no node has a price\n");
  }

  @Test
  void namesTheKeysThatLetSomethingThrough() {
    var page =
        page(
            patched(
                "set: {nordfaas:functions.order-status.http.auth: {public: true},"
                    + " nordfaas:k3s.podSecurityExemptions: [monitoring]}"),
            new Before.Nothing());

    assertThat(page)
        .contains("**Policy**: no errors, 0 warnings, 3 exemptions\n")
        .contains(
            "- exempted by `nordfaas:functions.order-status.http.auth.public`: `anybody may call, without a credential`\n")
        .contains(
            "- exempted by `nordfaas:k3s.podSecurityExemptions`: `pods of namespace monitoring need not be restricted`\n");
  }

  @Test
  void saysThatThePreviewIsNotAll() {
    var failed = new Preview(List.of(), 0, List.of(), true);

    assertThat(page("oslo", checked("oslo"), Optional.of(failed), new Before.Nothing()))
        .contains("🔴 **The preview ended with an error**: what follows is not all.");
  }

  /** The engine hides secrets; a program that does not mark them gets them into the preview. */
  @Test
  void hasNoValueOfAnyProperty() {
    var secret = "hunter2-hunter2-hunter2";
    var preview =
        PreviewJson.read(
            """
            {"config": {"nordfaas:a": "%1$s"}, "steps": [
             {"op": "replace", "urn": "urn:pulumi:oslo::nordfaas::kubernetes:apps/v1:Deployment::a",
              "oldState": {"inputs": {"spec": {"template": "%1$s"}}, "outputs": {"x": "%1$s"}},
              "newState": {"inputs": {"spec": {"template": {"%1$s": "%1$s"}}}},
              "replaceReasons": ["spec"], "diffReasons": ["%1$s"], "detailedDiff": {"%1$s": {"kind": "update"}}}],
             "diagnostics": [{"message": "%1$s", "severity": "error"}]}
            """
                .formatted(secret));

    assertThat(page("oslo", checked("oslo"), Optional.of(preview), new Before.Nothing()))
        .contains("Deployment a")
        .doesNotContain(secret);
  }

  @Test
  void cannotBeWrittenByTheNamesInIt() {
    var attack = "x`|\\n\\n# Approved @admins </details> <!-- ";
    var preview =
        PreviewJson.read(
            """
            {"steps": [{"op": "delete", "urn": "urn:pulumi:oslo::nordfaas::my:index:%1$s::%1$s\\n```\\n# Approved"},
             {"op": "replace", "urn": "urn:pulumi:oslo::nordfaas::kubernetes:apps/v1:Deployment::%1$s",
              "replaceReasons": ["%1$s"]}],
             "diagnostics": [{"message": "%1$s has to be restarted: %1$s", "severity": "warning"}]}
            """
                .formatted(attack));

    var page = page(attack, checked("oslo"), Optional.of(preview), new Before.Nothing());

    var foreign = page.lines().filter(line -> line.contains("@admins")).toList();
    assertThat(foreign)
        .hasSizeGreaterThan(4)
        .allSatisfy(
            line ->
                assertThat(
                        line.startsWith("- ")
                            ? ""
                            : line.replaceFirst("^## ", "").replaceAll("`[^`]*`", ""))
                    .doesNotContain("@", "#", "<"));
    assertThat(page.lines()).noneMatch(line -> line.startsWith("# "));
    assertThat(page.lines().filter(line -> line.startsWith("```")))
        .containsExactly("```diff", "```");
  }

  @Test
  void ofAThousandFunctionsIsWithinTheLimitAndSaysWhatIsLeftOut() {
    var page =
        page(
            "oslo",
            patched("set: {%s}".formatted(functions(1000))),
            Optional.of(PreviewJson.read(steps(1000))),
            new Before.Earlier(Plan.of(Fixtures.oslo())));

    assertThat(page.length()).isLessThanOrEqualTo(Page.LIMIT);
    assertThat(page)
        .contains("1000 to replace")
        .containsPattern(
            "\nLeft out, as the page may have at most 65536 characters: .*operations by each component \\(1000\\).*[.]\n$");
  }

  @Test
  void isWithinTheSmallestLimitWhateverIsInIt() {
    var page =
        ReportPage.render(
            Report.of(
                "x".repeat(1000),
                patched("set: {%s}".formatted(functions(1000))),
                Optional.of(PreviewJson.read(steps(1000).replace("kubernetes:", "k".repeat(500)))),
                new Before.Earlier(Plan.of(Fixtures.oslo()))),
            Page.LEAST_LIMIT);

    assertThat(page.length()).isLessThanOrEqualTo(Page.LEAST_LIMIT);
  }

  private static String functions(int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                "nordfaas:functions.f%1$d: {image: 'ghcr.io/nordfaas/f:1', egress: [{host: host-%1$d.example.no, cidr: 203.0.113.%2$d/32, port: %3$d}]}"
                    .formatted(i, i % 256, 1000 + i))
        .collect(Collectors.joining(", "));
  }

  private static String steps(int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                """
                {"op": "replace", "urn": "urn:pulumi:oslo::nordfaas::kubernetes:apps/v1:Deployment::f%1$d-deployment",
                 "newState": {"parent": "urn:pulumi:oslo::nordfaas::nordfaas:index:FunctionWorkload::f%1$d"}}
                """
                    .formatted(i))
        .collect(Collectors.joining(",", "{\"steps\": [", "]}"));
  }
}
