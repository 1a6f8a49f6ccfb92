package dev.nordfaas.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * The format is that of {@code pulumi stack export} 3.259. That Kubernetes refuses another pod
 * template for a Job that a killed run has created, and that the next run succeeds with the state
 * repaired as here, was seen with the real engine, plug-in 4.25.0 and API server 1.34; {@code
 * KilledUpIT} does it in the lab.
 */
class HalfCreatedTest {
  private static final String NAMESPACE =
      "{urn: namespace, custom: true, type: kubernetes:core/v1:Namespace, id: edge, outputs: {a: 1}}";
  private static final String JOB =
      "urn: job, custom: true, type: kubernetes:batch/v1:Job, parent: stack, dependencies: [namespace],"
          + " inputs: {metadata: {namespace: edge, name: edge-check}}";

  private static JsonNode state(List<String> resources, String... pending) {
    var operations =
        List.of(pending).stream()
            .map(resource -> "{resource: {%s}, type: creating}".formatted(resource))
            .toList();
    return new YAMLMapper()
        .readTree(
            "{version: 3, deployment: {resources: [{urn: stack}, %s], pending_operations: [%s]}}"
                .formatted(String.join(", ", resources), String.join(", ", operations)));
  }

  private static List<String> names(JsonNode export) {
    return export
        .at("/deployment/resources")
        .valueStream()
        .map(resource -> resource.get("urn").stringValue())
        .toList();
  }

  private static JsonNode last(JsonNode export) {
    var resources = export.at("/deployment/resources");
    return resources.get(resources.size() - 1);
  }

  @Test
  void anObjectThatWasBeingCreatedBecomesAResourceWithTheIdOfThePlugIn() {
    var state = HalfCreated.in(state(List.of(NAMESPACE), JOB));

    assertThat(state.urns()).containsExactly("job");
    var export = state.adopt().export();
    assertThat(names(export)).containsExactly("stack", "namespace", "job");
    assertThat(last(export).get("id").stringValue()).isEqualTo("edge/edge-check");
    assertThat(last(export).at("/inputs/metadata/name").stringValue()).isEqualTo("edge-check");
  }

  @Test
  void theIdOfAnObjectOutsideOfNamespacesIsItsName() {
    var export =
        HalfCreated.in(
                state(
                    List.of(),
                    "urn: n, custom: true, type: kubernetes:core/v1:Namespace, inputs: {metadata: {name: nats}}"))
            .adopt()
            .export();

    assertThat(last(export).get("id").stringValue()).isEqualTo("nats");
  }

  @Test
  void commandsAndObjectsWithoutANameAreNotLookedFor() {
    var state =
        HalfCreated.in(
            state(
                List.of(),
                "urn: c, custom: true, type: command:remote:Command, inputs: {create: x}",
                "urn: p, custom: true, type: pulumi:providers:kubernetes, inputs: {}",
                "urn: o, custom: true, type: kubernetes:core/v1:Pod, inputs: {metadata: {}}"));

    assertThat(state.urns()).isEmpty();
    assertThat(names(state.adopt().export())).containsExactly("stack");
  }

  @Test
  void operationsOtherThanCreationsAreLeftToPulumi() {
    var export = state(List.of(NAMESPACE), JOB);
    var updating =
        new JsonMapper().readTree(export.toString().replace("\"creating\"", "\"updating\""));

    assertThat(HalfCreated.in(updating).urns()).isEmpty();
  }

  @Test
  void aReplacementTakesThePlaceOfWhatItReplaces() {
    var state =
        HalfCreated.in(
            state(
                List.of(
                    NAMESPACE,
                    "{urn: job, custom: true, type: kubernetes:batch/v1:Job, id: old, pendingReplacement: true,"
                        + " outputs: {a: 1}}",
                    "{urn: after, dependencies: [job]}"),
                JOB));

    var export = state.adopt().export();

    assertThat(names(export)).containsExactly("stack", "namespace", "job", "after");
    assertThat(export.at("/deployment/resources/2/id").stringValue()).isEqualTo("edge/edge-check");
    assertThat(export.at("/deployment/resources/2").has("pendingReplacement")).isFalse();
  }

  /** The engine takes a state only if each resource comes after those that it depends on. */
  @Test
  void aReplacementThatDependsOnWhatComesLaterIsCreatedAgain() {
    var state =
        HalfCreated.in(
            state(
                List.of(
                    "{urn: job, custom: true, type: kubernetes:batch/v1:Job, id: old, pendingReplacement: true,"
                        + " outputs: {a: 1}}",
                    NAMESPACE),
                JOB));

    assertThat(state.urns()).isEmpty();
    assertThat(names(state.adopt().export())).containsExactly("stack", "job", "namespace");
  }

  @Test
  void whatTheStateHasIsNotAdopted() {
    var state =
        HalfCreated.in(
            state(
                List.of(
                    NAMESPACE,
                    "{urn: job, custom: true, type: kubernetes:batch/v1:Job, id: job, outputs: {a: 1}}"),
                JOB));

    assertThat(state.urns()).isEmpty();
  }

  @Test
  void whatNobodyHasReadYetIsStillAskedForOrForgotten() {
    var adopted = HalfCreated.in(state(List.of(NAMESPACE), JOB)).adopt().export();
    var imported =
        new JsonMapper()
            .readTree(
                adopted.toString().replaceFirst("\"pending_operations\":\\[.*?\\}\\]", "\"x\":[]"));

    assertThat(HalfCreated.in(imported).urns()).containsExactly("job");
    assertThat(names(HalfCreated.in(imported).forget().export()))
        .containsExactly("stack", "namespace");
  }

  /** The host may be back at the old rules by then: confirming the new ones would fail. */
  @Test
  void aFirewallThatWasNotConfirmedIsLoadedAgain() {
    var firewall = "{urn: node-1-firewall, inputs: {stdin: rules}, outputs: {stdin: rules}}";
    var confirmed = "{urn: node-1-firewall-confirm, inputs: {stdin: rules}}";
    var other = "{urn: node-2-firewall, inputs: {stdin: rules}}";
    var itsOwn = "{urn: node-2-firewall-confirm, inputs: {stdin: rules}}";
    var export = state(List.of(firewall, other, confirmed, itsOwn), "urn: node-1-firewall-confirm");

    UnconfirmedFirewalls.loadAgain(export);

    var resources = export.at("/deployment/resources");
    assertThat(resources.at("/1/inputs/stdin").stringValue()).isEmpty();
    assertThat(resources.at("/1/outputs/stdin").stringValue()).isEmpty();
    assertThat(resources.at("/2/inputs/stdin").stringValue()).isEqualTo("rules");
  }

  /** Killed between the two commands: no operation is pending. */
  @Test
  void aFirewallThatNobodyBeganToConfirmIsLoadedAgain() {
    var changed = "{urn: node-1-firewall, inputs: {stdin: new}, outputs: {stdin: new}}";
    var before = "{urn: node-1-firewall-confirm, inputs: {stdin: old}}";
    var first = "{urn: node-2-firewall, inputs: {stdin: new}, outputs: {stdin: new}}";
    var export = state(List.of(changed, before, first));

    UnconfirmedFirewalls.loadAgain(export);

    var resources = export.at("/deployment/resources");
    assertThat(resources.at("/1/inputs/stdin").stringValue()).isEmpty();
    assertThat(resources.at("/2/inputs/stdin").stringValue()).isEqualTo("old");
    assertThat(resources.at("/3/outputs/stdin").stringValue()).isEmpty();
  }

  /** Otherwise the killed run would stay an owner of fields, and none of them could be removed. */
  @Test
  void anObjectKeepsTheFieldManagerThatAppliedIt() {
    var read =
        "{urn: d, custom: true, type: kubernetes:apps/v1:Deployment, id: d, outputs: {__fieldManager:"
            + " pulumi-kubernetes-of-nobody, metadata: {managedFields: ["
            + "{manager: pulumi-kubernetes-second, operation: Apply, time: 2026-11-28T21:00:02Z},"
            + "{manager: pulumi-kubernetes-first, operation: Apply, time: 2026-11-28T21:00:01Z},"
            + "{manager: kubectl-patch, operation: Update, time: 2026-11-28T21:00:03Z}]}}}";

    var export = HalfCreated.in(state(List.of(read))).own().export();

    assertThat(last(export).at("/outputs/__fieldManager").stringValue())
        .isEqualTo("pulumi-kubernetes-second");
  }

  @Test
  void aFieldManagerThatTheObjectKnowsIsKept() {
    var read =
        "{urn: d, custom: true, type: kubernetes:apps/v1:Deployment, id: d, outputs: {__fieldManager:"
            + " pulumi-kubernetes-first, metadata: {managedFields: ["
            + "{manager: pulumi-kubernetes-first, operation: Apply, time: 2026-11-28T21:00:01Z},"
            + "{manager: pulumi-kubernetes-second, operation: Apply, time: 2026-11-28T21:00:02Z}]}}}";

    var export = HalfCreated.in(state(List.of(read))).own().export();

    assertThat(last(export).at("/outputs/__fieldManager").stringValue())
        .isEqualTo("pulumi-kubernetes-first");
  }
}
