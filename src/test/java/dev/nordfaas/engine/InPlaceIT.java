package dev.nordfaas.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.pulumi.automation.AutomationException;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What cannot be changed in place, through the real engine, with only the origins in the state. */
class InPlaceIT {
  private static final String STREAM =
      "urn:pulumi:oslo::nordfaas::nordfaas:index:NatsJetStream$command:local:Command::nats-stream-orders-origin";

  private static EngineProject project;

  @BeforeAll
  static void createOrigins() throws IOException, AutomationException {
    project = EngineProject.ofCommitted("oslo");
    project.up(STREAM);
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
            "error: nordfaas:nats.streams.orders.retention: workqueue cannot become interest or limits in place; set it back, or use a stream of another name")
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
