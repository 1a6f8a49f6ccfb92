package dev.nordfaas.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What somebody has changed by hand, at a Deployment, a ConfigMap and a sysctl: one preview with
 * refresh shows it, one up mends it.
 */
@EndToEnd
class DriftIT {
  private static List<String> previewed;
  private static List<String> again;

  @BeforeAll
  static void changeByHandThenPreviewThenUp() {
    Lab.kubectl(
        "--namespace=openfaas-fn",
        "patch",
        "deployment/order-status",
        "--type=json",
        "--patch=[{\"op\": \"replace\", \"path\": \"/spec/template/spec/containers/0/resources/limits/memory\","
            + " \"value\": \"500Mi\"}]");
    Lab.kubectl(
        "--namespace=nats",
        "patch",
        "configmap/nats-streams",
        "--patch={\"data\": {\"streams.sh\": \"exit 1\"}}");
    Lab.overSsh("sysctl", "-w", "vm.max_map_count=65530");
    previewed = Lab.previewWithRefresh();
    Lab.stack("up", "--refresh", "--yes", "--skip-preview").ok();
    again = Lab.previewWithRefresh();
  }

  @AfterAll
  static void mendByHand() {
    Lab.overSsh("sysctl", "-w", "vm.max_map_count=262144");
  }

  @Test
  void isShownByAPreviewWithRefresh() {
    assertThat(previewed)
        .containsExactly("lab-1-sysctls", "nats-streams-config", "order-status-deployment");
  }

  @Test
  void ofADeploymentIsMended() {
    assertThat(
            Lab.kubectl(
                "--namespace=openfaas-fn",
                "get",
                "deployment/order-status",
                "--output=jsonpath={.spec.template.spec.containers[0].resources.limits.memory}"))
        .isEqualTo("512Mi");
  }

  @Test
  void ofAConfigMapIsMended() {
    assertThat(
            Lab.kubectl(
                "--namespace=nats",
                "get",
                "configmap/nats-streams",
                "--output=jsonpath={.data.streams\\.sh}"))
        .contains("nats");
  }

  @Test
  void ofASysctlIsMended() {
    assertThat(Lab.overSsh("sysctl", "-n", "vm.max_map_count").strip()).isEqualTo("262144");
  }

  @Test
  void isGoneAfterUp() {
    assertThat(again).isEmpty();
  }
}
