package dev.nordfaas.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import com.pulumi.kubernetes.networking.v1.NetworkPolicy;
import com.pulumi.resources.CustomResourceOptions;
import com.pulumi.test.PulumiTest;
import dev.nordfaas.config.Cidr;
import dev.nordfaas.config.NodeConfig;
import dev.nordfaas.config.NodeConfig.Role;
import dev.nordfaas.manifest.NetworkPeer;
import dev.nordfaas.manifest.PodNetworkPolicy;
import dev.nordfaas.testing.Fixtures;
import dev.nordfaas.testing.Manifests;
import dev.nordfaas.testing.RecordingMocks;
import dev.nordfaas.testing.RecordingMocks.Registered;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The network policies that are planned are those that the program makes. */
class PolicyPlanTest {
  private static final String TYPE = "kubernetes:networking.k8s.io/v1:NetworkPolicy";

  private static Map<String, Object> specs(Collection<Registered> policies) {
    return policies.stream()
        .filter(it -> !"default-deny".equals(Manifests.at(it, "metadata.name")))
        .collect(
            Collectors.toMap(
                it ->
                    "%s/%s %s"
                        .formatted(
                            Manifests.at(it, "metadata.namespace"),
                            Manifests.at(it, "metadata.name"),
                            Manifests.at(it, "metadata.labels")),
                it -> Manifests.at(it, "spec"),
                (one, other) -> {
                  throw new AssertionError("two policies have one name");
                },
                TreeMap::new));
  }

  private static RecordingMocks made(List<PodNetworkPolicy> policies) {
    var mocks = new RecordingMocks();
    try {
      PulumiTest.withMocks(mocks)
          .runTest(
              context ->
                  policies.forEach(
                      policy ->
                          new NetworkPolicy(
                              policy.workload(), policy.args(), CustomResourceOptions.Empty)))
          .throwOnError();
    } finally {
      PulumiTest.cleanup();
    }
    return mocks;
  }

  @ParameterizedTest
  @MethodSource("dev.nordfaas.plan.StackVariant#all")
  void listsEveryPolicyAndNothingElse(StackVariant variant) {
    assertThat(specs(made(variant.plan().networkPolicies()).ofType(TYPE)))
        .hasSizeGreaterThan(8)
        .isEqualTo(specs(variant.recorded().ofType(TYPE)));
  }

  /** Other policies name pods by these labels; a typing error would close a connection. */
  @ParameterizedTest
  @MethodSource("dev.nordfaas.plan.StackVariant#all")
  void knowsTheLabelsOfThePods(StackVariant variant) {
    var policies = variant.plan().networkPolicies();
    var pods =
        variant.recorded().kubernetesObjects().stream()
            .flatMap(object -> podLabels(object).map(labels -> entry(object, labels)))
            .toList();

    assertThat(pods)
        .hasSizeGreaterThan(5)
        .allSatisfy(
            pod -> {
              var namespace = Manifests.at(pod.getKey(), "metadata.namespace");
              var labels = pod.getValue();
              var own =
                  policies.stream()
                      .filter(policy -> policy.namespace().equals(namespace))
                      .filter(policy -> contains(labels, policy.selector()))
                      .toList();
              assertThat(own).as("policies of %s", pod.getKey().name()).hasSize(1);
              assertThat(clientLabels(own.get(0).podLabels())).isEqualTo(clientLabels(labels));
            });
  }

  /** What one side lets out and no other side lets in is a time-out that nobody expects. */
  @ParameterizedTest
  @MethodSource("dev.nordfaas.plan.StackVariant#all")
  void whatAWorkloadMayConnectToLetsItIn(StackVariant variant) {
    var plan = variant.plan();
    var flows = plan.flows();

    for (var client : plan.networkPolicies()) {
      for (var rule : client.egress()) {
        for (var port : rule.ports()) {
          if (rule.peers().stream().noneMatch(NetworkPeer.Network.class::isInstance)) {
            assertThat(flows)
                .as("%s to %s:%d", client.workload(), rule.peers(), port)
                .anyMatch(flow -> flow.from().equals(client.workload()) && flow.port() == port);
          }
        }
      }
    }
  }

  /**
   * A rule for addresses outside includes no node, no pod, no service and no provider's metadata,
   * except the Kubernetes API's own address and port; pods are reached by rules that name pods.
   */
  @ParameterizedTest
  @MethodSource("dev.nordfaas.plan.StackVariant#all")
  void noRuleForAddressesIncludesThoseOfTheCluster(StackVariant variant) {
    var plan = variant.plan();
    var inside = new ArrayList<>(List.of("169.254.169.254", "fe80::1", "fd00:ec2::254"));
    inside.add(firstOf(plan.config().k3s().clusterCidr()));
    inside.add(firstOf(plan.config().k3s().serviceCidr()));
    plan.config()
        .nodes()
        .values()
        .forEach(
            node -> {
              inside.add(node.address());
              node.privateAddress().ifPresent(inside::add);
            });
    var known = !plan.clusterNetworks().apiServers().isEmpty();
    var servers =
        plan.config().nodes().values().stream()
            .filter(node -> node.role() == Role.SERVER)
            .map(NodeConfig::clusterAddress)
            .toList();

    for (var policy : plan.networkPolicies()) {
      for (var rule : policy.egress()) {
        assertThat(rule.peers()).as("%s: egress to everybody", policy.workload()).isNotEmpty();
        for (var peer : rule.peers()) {
          if (peer instanceof NetworkPeer.Network network) {
            assertThat(inside)
                .as("%s to %s on %s", policy.workload(), network, rule.ports())
                .noneMatch(
                    address ->
                        includes(network, address)
                            && !(rule.ports().equals(List.of(6443))
                                && (known
                                    ? servers.contains(address)
                                    : !address.matches("169[.]254.*|f.*"))));
          }
        }
      }
    }
  }

  /** A new pod can be ready before any rule that names pods includes it. */
  @ParameterizedTest
  @ValueSource(strings = {"oslo", "bergen", "small"})
  void theGatewayConnectsToAFunctionsNewPodAndToNoOtherPodMore(String stack) {
    var plan = Plan.of(Fixtures.config(stack));
    var gateway =
        plan.networkPolicies().stream()
            .filter(policy -> policy.workload().equals("openfaas/gateway"))
            .findFirst()
            .orElseThrow();

    assertThat(gateway.egress().stream().filter(rule -> rule.ports().equals(List.of(8080))))
        .singleElement()
        .satisfies(
            rule ->
                assertThat(rule.peers())
                    .contains(new NetworkPeer.EveryPod(plan.config().k3s().clusterCidr().text())));
    assertThat(
            plan.flows().stream()
                .filter(flow -> flow.from().equals("openfaas/gateway") && flow.port() == 8080)
                .map(Flow::to))
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(
                    Stream.of("edge/edge"), // lets everybody in
                    plan.config().functions().keySet().stream().map("openfaas-fn/"::concat))
                .toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"oslo", "bergen", "small"})
  void onlyTheServersAreTheKubernetesApi(String stack) {
    var plan = Plan.of(Fixtures.config(stack));
    var servers =
        plan.config().nodes().values().stream()
            .filter(node -> node.role() == Role.SERVER)
            .map(node -> node.clusterAddress() + "/32")
            .toList();

    assertThat(plan.flows().stream().filter(flow -> flow.port() == 6443).map(Flow::to).distinct())
        .containsExactlyInAnyOrderElementsOf(servers);
  }

  private static String firstOf(Cidr network) {
    return network.text().replaceFirst("/.*", "").replaceFirst("0$", "7");
  }

  private static boolean includes(NetworkPeer.Network network, String address) {
    return Cidr.parse(network.cidr()).contains(address)
        && network.except().stream().noneMatch(it -> Cidr.parse(it).contains(address));
  }

  private static Stream<Map<?, ?>> podLabels(Registered object) {
    return Stream.of(
            "spec.template.metadata.labels", "spec.jobTemplate.spec.template.metadata.labels")
        .map(path -> Manifests.at(object, path))
        .filter(Map.class::isInstance)
        .map(labels -> (Map<?, ?>) labels);
  }

  private static boolean contains(Map<?, ?> labels, Map<String, String> some) {
    return labels.entrySet().containsAll(some.entrySet());
  }

  private static Map<Object, Object> clientLabels(Map<?, ?> labels) {
    return labels.entrySet().stream()
        .filter(it -> it.getKey().toString().startsWith("nordfaas.dev/"))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }
}
