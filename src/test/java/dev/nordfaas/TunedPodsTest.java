package dev.nordfaas;

import static org.assertj.core.api.Assertions.assertThat;

import com.pulumi.test.PulumiTest;
import dev.nordfaas.plan.Plan;
import dev.nordfaas.testing.Admission;
import dev.nordfaas.testing.Admission.Request;
import dev.nordfaas.testing.Fixtures;
import dev.nordfaas.testing.Manifests;
import dev.nordfaas.testing.RecordingMocks;
import dev.nordfaas.testing.RecordingMocks.Registered;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * Pods of the runtime class that the Pod Security Standards exempt comply with restricted, but for
 * one sysctl: the policy of the stack, evaluated by the API server's own plug-in.
 */
class TunedPodsTest {
  private static final Path CORPUS = Path.of("src/test/resources/k3s/pod-security");
  private static final String POLICY =
      "kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicy";
  private static final String WHO = "pods of the runtime class nordfaas-tuned must ";

  private static final String POD =
      """
      metadata: {name: p, namespace: postgres, annotations: {}}
      spec:
        runtimeClassName: nordfaas-tuned
        securityContext:
          runAsNonRoot: true
          runAsUser: 65534
          seccompProfile: {type: RuntimeDefault}
          sysctls: [{name: net.core.somaxconn, value: "8192"}]
        volumes: [{name: v, emptyDir: {}}]
        containers: [%1$s]
        initContainers: [%1$s]
        ephemeralContainers: [%1$s]
      """;

  private static final String CONTAINER =
      "{name: c, image: i, securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}}";

  private static Admission admission;
  private static List<Registered> ours;

  @BeforeAll
  static void definePlatform() {
    var mocks = new RecordingMocks();
    PulumiTest.withMocks(mocks)
        .runTest(
            context -> Platform.define(Plan.of(Fixtures.oslo())).outputs().forEach(context::export))
        .throwOnError();
    admission =
        new Admission(
            mocks.one(POLICY, "oslo-tuned-pods-policy").inputs(),
            mocks.one(POLICY + "Binding", "oslo-tuned-pods-policy-binding").inputs());
    ours =
        mocks.kubernetesObjects().stream()
            .filter(it -> Manifests.at(it, "spec.template.spec.runtimeClassName") != null)
            .toList();
  }

  @AfterAll
  static void cleanUp() {
    PulumiTest.cleanup();
  }

  @Test
  void oursAreAdmitted() {
    var requests =
        ours.stream()
            .map(
                it ->
                    Request.create(
                        it.name(),
                        Map.of(
                            "metadata",
                            Map.of(
                                "name", "p", "namespace", Manifests.at(it, "metadata.namespace")),
                            "spec",
                            Manifests.at(it, "spec.template.spec"))))
            .toList();

    assertThat(requests).hasSize(3);
    assertThat(admission.reasons(requests).values()).containsOnly("");
  }

  /** Kubernetes' own pods that violate the standard, each in one point. */
  @Test
  void whatIsNotRestrictedIsRefused() throws IOException {
    var reasons = admission.reasons(corpus("fail"));

    assertThat(reasons).hasSizeGreaterThan(70);
    reasons.forEach((pod, reason) -> assertThat(reason).as(pod).contains(WHO));
  }

  @Test
  void whatIsRestrictedIsAdmitted() throws IOException {
    var reasons = new TreeMap<>(admission.reasons(corpus("pass")));

    // Windows has none of these settings; the sysctls are not ours.
    assertThat(reasons.remove("base_windows")).contains("must set allowPrivilegeEscalation=false");
    assertThat(reasons.remove("sysctls1")).contains("must set no sysctl but net.core.somaxconn");
    assertThat(reasons.values()).containsOnly("");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "privileged: true",
        "allowPrivilegeEscalation: true",
        "capabilities: {}",
        "capabilities: {drop: [NET_RAW]}",
        "capabilities: {drop: [ALL], add: [SYS_ADMIN]}",
        "runAsNonRoot: false",
        "runAsUser: 0",
        "seccompProfile: {type: Unconfined}",
        "appArmorProfile: {type: Unconfined}",
        "seLinuxOptions: {type: spc_t}",
        "seLinuxOptions: {user: system_u}",
        "seLinuxOptions: {role: system_r}",
        "procMount: Unmasked",
        "windowsOptions: {hostProcess: true}",
      })
  void aContainerOfWhateverKindIsHeldToIt(String setting) {
    assertEachContainerIsRefused(
        CONTAINER
            .replace(
                "capabilities: {drop: [ALL]}",
                setting.startsWith("capabilities")
                    ? setting
                    : "capabilities: {drop: [ALL]}, " + setting)
            .replace(
                setting.startsWith("allowP") ? "allowPrivilegeEscalation: false, " : "\u0000", ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ports: [{containerPort: 80, hostPort: 80}]",
        "livenessProbe: {httpGet: {port: 1, host: 10.0.0.1}}",
        "readinessProbe: {tcpSocket: {port: 1, host: 10.0.0.1}}",
        "startupProbe: {httpGet: {port: 1, host: 10.0.0.1}}",
        "lifecycle: {postStart: {httpGet: {port: 1, host: 10.0.0.1}}}",
        "lifecycle: {preStop: {tcpSocket: {port: 1, host: 10.0.0.1}}}",
      })
  void aContainerUsesNeitherPortsNorAddressesOfOthers(String field) {
    assertEachContainerIsRefused("{%s, %s".formatted(field, CONTAINER.substring(1)));
  }

  @Test
  void aContainerWithoutSecurityContextIsRefused() {
    assertEachContainerIsRefused("{name: c, image: i}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "volumes: [{name: v, hostPath: {path: /}}]",
        "volumes: [{name: v, emptyDir: {}, hostPath: {path: /}}]",
        "volumes: [{name: v, emptyDir: {}}, {name: w, nfs: {server: s, path: /}}]",
        "hostNetwork: true",
        "hostPID: true",
        "hostIPC: true",
        "securityContext: {}",
        "securityContext: {runAsNonRoot: true}",
        "securityContext: {seccompProfile: {type: RuntimeDefault}}",
        "securityContext: {runAsNonRoot: true, seccompProfile: {type: Unconfined}}",
        "securityContext: {runAsNonRoot: true, runAsUser: 0, seccompProfile: {type: RuntimeDefault}}",
        "securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}, appArmorProfile: {type: Unconfined}}",
        "securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}, seLinuxOptions: {type: spc_t}}",
        "securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}, windowsOptions: {hostProcess: true}}",
        "securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}, sysctls: [{name: net.core.somaxconn, value: '1'}, {name: kernel.msgmax, value: '1'}]}",
        "securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}, sysctls: [{name: net/core/somaxconn, value: '1'}]}",
      })
  void aPodIsHeldToIt(String field) {
    var pod = pod(CONTAINER);
    var changed = new LinkedHashMap<Object, Object>((Map<?, ?>) pod.get("spec"));
    changed.putAll(yaml(field));

    assertThat(reason(Request.create("pod", with(pod, "spec", changed)))).contains(WHO);
  }

  @Test
  void theAnnotationOfOlderKubernetesIsNoWayAroundAppArmor() {
    var pod =
        with(
            pod(CONTAINER),
            "metadata",
            yaml(
                "{name: p, namespace: postgres, annotations: {container.apparmor.security.beta.kubernetes.io/c: unconfined}}"));

    assertThat(reason(Request.create("pod", pod))).contains(WHO);
  }

  @Test
  void containersForDebuggingAreNotAddedLaterEither() {
    var pod = pod(CONTAINER);
    var privileged = with(pod, "spec", spec(pod, "ephemeralContainers", "{name: c, image: i}"));

    assertThat(reason(new Request("debug", "UPDATE", "ephemeralcontainers", pod))).isEmpty();
    assertThat(reason(new Request("debug", "UPDATE", "ephemeralcontainers", privileged)))
        .contains(WHO + "set allowPrivilegeEscalation=false in each container");
  }

  @ParameterizedTest
  @ValueSource(strings = {"postgres", "kube-system", "default", "openfaas-fn"})
  void everyNamespaceIsHeldToIt(String namespace) {
    var pod =
        with(pod("{name: c, image: i}"), "metadata", Map.of("name", "p", "namespace", namespace));

    assertThat(reason(Request.create("pod", pod))).contains(WHO);
  }

  /** Those are for the Pod Security Standards. */
  @Test
  void otherPodsAreNotItsConcern() {
    var pod = pod("{name: c, image: i}");
    var spec = new LinkedHashMap<Object, Object>((Map<?, ?>) pod.get("spec"));
    spec.remove("runtimeClassName");

    assertThat(reason(Request.create("pod", with(pod, "spec", spec)))).isEmpty();
    assertThat(admission.policy().get("spec").toString()).contains("failurePolicy=Fail");
  }

  private static void assertEachContainerIsRefused(String container) {
    var pod = pod(CONTAINER);
    var kinds = List.of("containers", "initContainers", "ephemeralContainers");

    var reasons =
        admission.reasons(
            Stream.concat(
                    Stream.of(Request.create("good", pod)),
                    kinds.stream()
                        .map(
                            kind ->
                                Request.create(
                                    kind, with(pod, "spec", spec(pod, kind, container)))))
                .toList());

    assertThat(reasons.remove("good")).isEmpty();
    reasons.forEach((kind, reason) -> assertThat(reason).as(kind).contains(WHO));
  }

  private static Map<Object, Object> spec(Map<?, ?> pod, String kind, String container) {
    var spec = new LinkedHashMap<Object, Object>((Map<?, ?>) pod.get("spec"));
    var all = new ArrayList<Object>((List<?>) spec.get(kind));
    all.add(yaml(container));
    spec.put(kind, all);
    return spec;
  }

  private static String reason(Request request) {
    SortedMap<String, String> reasons = admission.reasons(List.of(request));
    return reasons.get(reasons.firstKey());
  }

  private static Map<?, ?> pod(String container) {
    return yaml(POD.formatted(container));
  }

  private static Map<Object, Object> with(Map<?, ?> object, String key, Object value) {
    var copy = new LinkedHashMap<Object, Object>(object);
    copy.put(key, value);
    return copy;
  }

  private static Map<?, ?> yaml(String text) {
    return (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(text);
  }

  /** Kubernetes' own pods, in the runtime class. */
  private static List<Request> corpus(String outcome) throws IOException {
    // A volume without a source becomes an emptyDir before the API server admits the pod.
    var text =
        Files.readString(CORPUS.resolve("restricted-%s.yaml".formatted(outcome)))
            .replace("- name: volume0\n  -", "- name: volume0\n    emptyDir: {}\n  -");
    var requests = new ArrayList<Request>();
    for (var document : new Load(LoadSettings.builder().build()).loadAllFromString(text)) {
      var pod = (Map<?, ?>) document;
      var metadata = (Map<?, ?>) pod.get("metadata");
      var spec = with((Map<?, ?>) pod.get("spec"), "runtimeClassName", "nordfaas-tuned");
      requests.add(
          Request.create(
              metadata.get("name").toString(),
              Map.of("metadata", with(metadata, "namespace", "postgres"), "spec", spec)));
    }
    return requests;
  }
}
