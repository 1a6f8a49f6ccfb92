package dev.nordfaas.approval;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SortedMap;
import org.junit.jupiter.api.Test;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The format is that of {@code pulumi stack export} 3.259. */
class StateDigestTest {
  private static final String DRIFT =
      "urn:pulumi:oslo::nordfaas::T$command:remote:Command::oslo-1-drift";

  private static SortedMap<String, String> of(String resources, String... pending) {
    return StateDigest.of(
        new YAMLMapper()
            .readTree(
                "deployment: {manifest: {time: now}, resources: [%s], pending_operations: [%s]}"
                    .formatted(resources, String.join(", ", pending))));
  }

  @Test
  void isEmptyForAStackThatHasNothing() {
    assertThat(StateDigest.of(new YAMLMapper().readTree("{version: 3, deployment: {}}"))).isEmpty();
  }

  @Test
  void namesTheResourceThatHasChanged() {
    var before = of("{urn: a, inputs: {x: 1}}, {urn: b}");
    var after = of("{urn: a, inputs: {x: 2}}, {urn: b}");

    assertThat(after.get("a")).isNotEqualTo(before.get("a"));
    assertThat(after.get("b")).isEqualTo(before.get("b"));
  }

  @Test
  void neitherTheOrderOfResourcesNorThatOfTheirFieldsCounts() {
    assertThat(of("{urn: a, id: x, type: t}, {urn: b}"))
        .isEqualTo(of("{urn: b}, {type: t, id: x, urn: a}"));
  }

  @Test
  void aSecretThatIsEncryptedAnewIsTheSame() {
    assertThat(of("{urn: a, outputs: {key: {sig: s, ciphertext: one}}}"))
        .isEqualTo(of("{urn: a, outputs: {key: {sig: s, ciphertext: two}}}"));
  }

  @Test
  void aResourceThatWasAppliedAgainHasChanged() {
    assertThat(of("{urn: a, modified: 1}")).isNotEqualTo(of("{urn: a, modified: 2}"));
  }

  @Test
  void whatTheNightlyComparisonAskedAgainIsTheSameIfTheAnswerIs() {
    var before =
        of("{urn: '%s', id: x, created: 1, modified: 1, outputs: {stdout: none}}".formatted(DRIFT));

    assertThat(
            of(
                "{urn: '%s', id: y, created: 2, modified: 2, outputs: {stdout: none}}"
                    .formatted(DRIFT)))
        .isEqualTo(before);
    assertThat(
            of(
                "{urn: '%s', id: y, created: 2, modified: 2, outputs: {stdout: some}}"
                    .formatted(DRIFT)))
        .isNotEqualTo(before);
  }

  @Test
  void whatAKilledRunWasDoingCounts() {
    assertThat(of("{urn: a}", "{resource: {urn: b}, type: creating}"))
        .containsKey("pending b")
        .isNotEqualTo(of("{urn: a}", "{resource: {urn: b}, type: deleting}"));
  }

  @Test
  void aReplacedResourceThatIsStillToBeDeletedCounts() {
    assertThat(of("{urn: a}, {urn: a, delete: true}")).isNotEqualTo(of("{urn: a}"));
  }
}
