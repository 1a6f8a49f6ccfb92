package dev.nordfaas.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** That the lab refuses a new pod for its first seconds, as K3s does: other tests rely on it. */
@EndToEnd
class NewPodIT {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /** curl's words for "connection refused" and for an answer. */
  private static final String REFUSED = "7";

  private static final String ANSWERED = "0";

  /** Asks four times a second, for as long as it takes and two seconds more. */
  private static final String ASK =
      "left=8; while [ $left -gt 0 ]; do curl --silent --output /dev/null --max-time 3 %s; code=$?;"
          + " echo $code; [ $code != 0 ] || left=$((left - 1)); sleep 0.25; done";

  private static final String OVERRIDES =
      """
      {"spec": {"automountServiceAccountToken": false, "activeDeadlineSeconds": 30,
                "securityContext": {"runAsNonRoot": true, "runAsUser": 65534,
                                    "seccompProfile": {"type": "RuntimeDefault"}},
                "containers": [{"name": "curl", "image": "lab.nordfaas.dev/busybox:1.35",
                                "securityContext": {"allowPrivilegeEscalation": false,
                                                    "capabilities": {"drop": ["ALL"]}},
                                "command": ["sh", "-c", "%s"]}]}}
      """;

  @Test
  void aPodThatMayConnectIsRefusedAtFirstAndLetThroughForGood() {
    var url =
        "http://%s:%d/metrics".formatted(Exporters.address("postgres"), Exporters.POSTGRES_PORT);
    var codes = codes(url);

    assertThat(codes).as("what curl's codes were").startsWith(REFUSED).endsWith(ANSWERED);
    assertThat(codes.subList(codes.indexOf(ANSWERED), codes.size())).containsOnly(ANSWERED);
    assertThat(codes.subList(0, codes.indexOf(ANSWERED)))
        .as("refused at once, and not left without an answer")
        .containsOnly(REFUSED);
  }

  /** The codes of curl in a new pod that may read metrics, from its first moment. */
  private static List<String> codes(String url) {
    var pod = "new-" + UUID.randomUUID();
    Lab.kubectl(
        "--namespace=default",
        "run",
        pod,
        "--image=lab.nordfaas.dev/busybox:1.35",
        "--restart=Never",
        "--labels=nordfaas.dev/metrics-client=true",
        "--overrides=" + OVERRIDES.formatted(ASK.formatted(url)));
    try {
      Lab.eventually(
          PATIENCE,
          () ->
              Lab.kubectl(
                      "--namespace=default", "get", "pod", pod, "--output=jsonpath={.status.phase}")
                  .strip(),
          List.of("Succeeded", "Failed")::contains);
      return Lab.kubectl("--namespace=default", "logs", pod).lines().toList();
    } finally {
      Lab.kubectl("--namespace=default", "delete", "pod", pod, "--wait=false");
    }
  }
}
