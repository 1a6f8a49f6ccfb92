package dev.nordfaas.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nordfaas.report.Change.Component;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreviewJsonTest {
  private static final String UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
  private static final String URN = "urn:pulumi:oslo::nordfaas::";
  private static final String FUNCTION = URN + "nordfaas:index:FunctionWorkload::orders";
  private static final String DEPLOYMENT =
      URN + "nordfaas:index:FunctionWorkload$kubernetes:apps/v1:Deployment::orders-deployment";

  private static Preview read(String... steps) {
    return PreviewJson.read("{\"steps\": [%s]}".formatted(String.join(",", steps)));
  }

  private static String step(String op, String urn, String parent, String before, String after) {
    return """
        {"op": "%1$s", "urn": "%2$s",
         "oldState": {"parent": "%3$s", "inputs": %4$s}, "newState": {"parent": "%3$s", "inputs": %5$s}}
        """
        .formatted(op, urn, parent, before, after);
  }

  private static String deployment(String op, String before, String after) {
    var spec = "{\"spec\": {\"replicas\": %s, \"template\": %s}}";
    return step(op, DEPLOYMENT, FUNCTION, spec.formatted("1", before), spec.formatted("2", after));
  }

  @ParameterizedTest
  @CsvSource({
    "create, CREATE",
    "update, UPDATE",
    "delete, DELETE",
    "same, SAME",
    "replace, REPLACE",
    "create-replacement, REPLACE",
    "delete-replaced, REPLACE",
    "refresh, OTHER",
    "invented-tomorrow, OTHER"
  })
  void readsOperations(String op, Operation operation) {
    assertThat(read(deployment(op, "1", "1")).changes())
        .extracting(Change::operation)
        .containsExactly(operation);
  }

  @Test
  void countsAReplacementInSeveralStepsOnce() {
    var preview =
        read(
            deployment("create-replacement", "1", "1"),
            deployment("replace", "1", "1"),
            deployment("delete-replaced", "1", "1"));

    assertThat(preview.counts()).containsExactly(Map.entry(Operation.REPLACE, 1));
  }

  /** The engine leaves out their steps. */
  @Test
  void countsWhatStaysAsItIs() {
    assertThat(PreviewJson.read("{\"steps\": [], \"changeSummary\": {\"same\": 41}}").unchanged())
        .isEqualTo(41);
    assertThat(read(deployment("same", "1", "1")).unchanged()).isEqualTo(1);
  }

  @Test
  void findsTheOutermostComponent() {
    var stack = URN + "pulumi:pulumi:Stack::nordfaas-oslo";
    var preview =
        read(
            step("same", stack, "", "{}", "{}"),
            step("same", FUNCTION, stack, "{}", "{}"),
            deployment("update", "1", "1"));

    assertThat(preview.changes())
        .extracting(Change::component)
        .containsExactly(
            Component.NONE,
            new Component("FunctionWorkload", "orders"),
            new Component("FunctionWorkload", "orders"));
  }

  @Test
  void endsWithParentsThatAreEachOthers() {
    assertThat(
            read(
                    step("same", URN + "my:index:A::a", URN + "my:index:B::b", "{}", "{}"),
                    step("same", URN + "my:index:B::b", URN + "my:index:A::a", "{}", "{}"))
                .changes())
        .hasSize(2);
  }

  @Test
  void saysThatPodsRestartWhereTheirTemplateChanges() {
    assertThat(read(deployment("update", "{\"a\": 1}", "{\"a\": 2}")).restarts())
        .containsExactly(new Restart("Deployment orders-deployment", true));
  }

  @Test
  void saysNothingOfPodsWhoseNumberChanges() {
    assertThat(read(deployment("update", "{\"a\": 1}", "{\"a\": 1}")).restarts()).isEmpty();
  }

  @Test
  void saysThatPodsMayRestartWhereTheirTemplateIsNotKnown() {
    var after = "{\"a\": \"%s\"}".formatted(UNKNOWN);

    assertThat(read(deployment("update", "{\"a\": 1}", after)).restarts())
        .containsExactly(new Restart("Deployment orders-deployment", false));
  }

  @Test
  void saysThatPodsRestartWhereTheyAreReplaced() {
    assertThat(read(deployment("replace", "{\"a\": 1}", "{\"a\": 1}")).restarts())
        .containsExactly(new Restart("Deployment orders-deployment", true));
  }

  @Test
  void saysThatK3sRestartsWhereItsInstallationChanges() {
    var cluster = URN + "nordfaas:index:K3sCluster::oslo";
    var install = "nordfaas:index:K3sCluster$command:remote:Command::oslo-oslo-1-install";

    assertThat(read(step("update", URN + install, cluster, "{}", "{}")).restarts())
        .containsExactly(new Restart("K3s of oslo-1", true));
    assertThat(read(step("create", URN + install, cluster, "{}", "{}")).restarts()).isEmpty();
  }

  @Test
  void saysWhichHostHasToBeRestarted() {
    assertThat(
            PreviewJson.read(
                    """
                    {"steps": [], "diagnostics": [{"severity": "warning",
                     "message": "warning: oslo-1 has to be restarted: a new kernel is installed; see docs/runbook.md"}]}
                    """)
                .reboots())
        .containsExactly("oslo-1 has to be restarted: a new kernel is installed");
  }

  @Test
  void countsInputsThatAreNotKnown() {
    var inputs = "{\"a\": \"%1$s\", \"b\": [{\"c\": \"%1$s\"}, \"x %1$s\"]}".formatted(UNKNOWN);

    assertThat(read(step("create", FUNCTION, "", "{}", inputs)).unknown()).isEqualTo(2);
    assertThat(read(step("delete", FUNCTION, "", inputs, inputs)).unknown()).isZero();
  }

  @Test
  void saysThatThePreviewFailed() {
    assertThat(
            PreviewJson.read(
                    "{\"steps\": [], \"diagnostics\": [{\"severity\": \"error\", \"message\": \"no\"}]}")
                .failed())
        .isTrue();
  }

  @Test
  void takesNothingForGranted() {
    assertThat(
            PreviewJson.read(
                    """
                    {"steps": [{}, null, 1, {"op": 3, "urn": {}, "newState": []},
                     {"urn": "urn", "newState": {"parent": "urn", "inputs": 1}, "replaceReasons": [1]}],
                     "diagnostics": [null, {"message": null}]}
                    """)
                .changes())
        .hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({"nonsense, is not JSON", "{}, has no steps", "'{\"steps\": 1}', has no steps"})
  void refusesWhatIsNoPreview(String text, String message) {
    assertThatThrownBy(() -> PreviewJson.read(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }
}
