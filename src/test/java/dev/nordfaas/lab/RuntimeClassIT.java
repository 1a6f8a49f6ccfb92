package dev.nordfaas.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** That the runtime class which pod admission exempts is no way around it, on the API server. */
@EndToEnd
class RuntimeClassIT {
  private static final String REFUSED =
      "ValidatingAdmissionPolicy 'tuned-pods.nordfaas.dev' with binding 'tuned-pods.nordfaas.dev' denied request: pods of the runtime class nordfaas-tuned must ";

  private static final JsonMapper MAPPER = new JsonMapper();

  private static final String POD =
      """
      {"apiVersion": "v1", "kind": "Pod",
       "metadata": {"name": "tuned", "namespace": "%s"},
       "spec": {"runtimeClassName": "nordfaas-tuned",
                "securityContext": {"runAsNonRoot": true, "runAsUser": 65534,
                                    "seccompProfile": {"type": "RuntimeDefault"},
                                    "sysctls": [{"name": "net.core.somaxconn", "value": "8192"}]},
                "containers": [{"name": "c", "image": "lab.nordfaas.dev/busybox:1.35",
                                "securityContext": {"allowPrivilegeEscalation": false,
                                                    "capabilities": {"drop": ["ALL"]}}}]}}
      """;

  @ParameterizedTest
  @ValueSource(strings = {"postgres", "default", "kube-system"})
  void aRestrictedPodThatSetsTheOneSysctlIsAdmitted(String namespace) {
    assertThat(create(pod(namespace)).ok()).contains("pod/tuned created");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/hostPID true",
        "/volumes [{\"name\": \"v\", \"hostPath\": {\"path\": \"/\"}}]",
        "/securityContext {}",
        "/securityContext/runAsUser 0",
        "/securityContext/sysctls [{\"name\": \"kernel.msgmax\", \"value\": \"65536\"}]",
        "/securityContext/seccompProfile {\"type\": \"Unconfined\"}",
        "/containers/0/securityContext {\"privileged\": true}",
        "/containers/0/securityContext/capabilities {\"drop\": [\"ALL\"], \"add\": [\"SYS_ADMIN\"]}",
        "/containers/0/ports [{\"containerPort\": 80, \"hostPort\": 80}]",
        "/initContainers [{\"name\": \"i\", \"image\": \"i\", \"securityContext\": {\"privileged\": true}}]",
      })
  void whatLeadsToTheNodeIsRefused(String change) {
    for (var namespace : new String[] {"postgres", "kube-system"}) {
      var pod = pod(namespace);
      var path = change.substring(0, change.indexOf(' '));
      var parent = (ObjectNode) pod.at("/spec" + path.substring(0, path.lastIndexOf('/')));
      parent.set(
          path.substring(path.lastIndexOf('/') + 1),
          MAPPER.readTree(change.substring(change.indexOf(' ') + 1)));

      var result = create(pod);

      assertThat(result.exitCode()).as(change).isNotZero();
      assertThat(result.output()).as(change).contains(REFUSED);
    }
  }

  @Test
  void aPodOfOursIsAdmittedAgain() {
    var running =
        MAPPER.readTree(Lab.kubectl("--namespace=nats", "get", "pod", "nats-0", "--output=json"));
    var spec = (ObjectNode) running.get("spec");
    spec.remove("nodeName");
    assertThat(spec.get("runtimeClassName").stringValue()).isEqualTo("nordfaas-tuned");
    var pod =
        MAPPER.valueToTree(
            Map.of(
                "apiVersion",
                "v1",
                "kind",
                "Pod",
                "metadata",
                Map.of("name", "tuned", "namespace", "nats"),
                "spec",
                spec));

    assertThat(create(pod).ok()).contains("pod/tuned created");
  }

  @Test
  void aPrivilegedContainerIsNotAddedToAPodOfOurs() {
    var result =
        Lab.run(
            "lab/shell",
            "kubectl",
            "--namespace=nats",
            "debug",
            "nats-0",
            "--image=lab.nordfaas.dev/busybox:1.35",
            "--profile=sysadmin",
            "--attach=false",
            "--",
            "true");

    assertThat(result.exitCode()).isNotZero();
    assertThat(result.output()).contains(REFUSED);
  }

  /** The API server checks expressions against its types, which no test without one does. */
  @Test
  void expressionsAreOfTheRightTypes() {
    var status =
        Lab.eventually(
            Duration.ofMinutes(1),
            () ->
                Lab.kubectl(
                    "get",
                    "validatingadmissionpolicy",
                    "tuned-pods.nordfaas.dev",
                    "--output=jsonpath={.status}"),
            text -> text.contains("observedGeneration"));

    assertThat(status).doesNotContain("expressionWarnings");
  }

  private static JsonNode pod(String namespace) {
    return MAPPER.readTree(POD.formatted(namespace));
  }

  /** As far as admission goes; nothing is stored. */
  private static Lab.Result create(JsonNode pod) {
    return Lab.run(
        "lab/shell",
        "sh",
        "-c",
        "printf '%s' \"$1\" | kubectl create --dry-run=server --filename=- 2>&1",
        "sh",
        MAPPER.writeValueAsString(pod));
  }
}
