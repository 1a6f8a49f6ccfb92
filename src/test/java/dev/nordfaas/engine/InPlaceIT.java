package dev.nordfaas.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.pulumi.automation.AutomationException;
import com.pulumi.automation.ConfigValue;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What cannot be changed in place, through the real engine, with only the origins in the state. */
class InPlaceIT {
  private static final String[] ORIGIN = {
    "**K3sCluster::oslo",
    "**::oslo-provider",
    "**NatsJetStream::nats",
    "**::nats-stream-orders-origin"
  };
  private static final String KUBECONFIG =
      """
      apiVersion: v1
      kind: Config
      clusters: [{name: none, cluster: {server: "https://127.0.0.1:1"}}]
      contexts: [{name: none, context: {cluster: none, user: none}}]
      current-context: none
      users: [{name: none, user: {token: none}}]
      """;

  private static EngineProject project;

  @BeforeAll
  static void createOrigins() throws IOException, AutomationException {
    project = EngineProject.ofFixture("oslo");
    project
        .stack()
        .setConfig("nordfaas:k3s.existing.kubeconfig", new ConfigValue(KUBECONFIG, true), true);
    project.up(ORIGIN);
  }

  @AfterAll
  static void closeProject() throws IOException {
    project.close();
  }

  @Test
  void refusesAnotherRetentionInThePreview() throws IOException, InterruptedException {
    project.editConfig("retention: workqueue", "retention: limits");

    var refused = project.cli();

    project.editConfig("retention: limits", "retention: workqueue");
    assertThat(refused.exitCode()).isNotZero();
    assertThat(refused.output())
        .contains(
            "error: nordfaas:nats.streams.orders.retention: workqueue cannot become interest or"
                + " limits in place; undo it, or use a stream with another name")
        .doesNotContain("\tat ")
        .doesNotContain("Exception");
  }

  @Test
  void previewsAChangeThatNatsCanMake() throws IOException, InterruptedException {
    project.editConfig("maxBytes: 8Gi", "maxBytes: 9Gi");

    var allowed = project.cli();

    project.editConfig("maxBytes: 9Gi", "maxBytes: 8Gi");
    assertThat(allowed.exitCode()).as(allowed.output()).isZero();
  }
}
