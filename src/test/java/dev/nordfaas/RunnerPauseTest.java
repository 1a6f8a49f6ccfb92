package dev.nordfaas;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.pulumi.Pulumi;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Filter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RunnerPauseTest {
  private static final Logger LOGGER =
      Logger.getLogger("com.pulumi.deployment.internal.DeploymentImpl");

  private final List<String> logged = new ArrayList<>();
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord message) {
          logged.add(message.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  private final Level before = LOGGER.getLevel();
  private final Filter filter = LOGGER.getFilter();

  @BeforeEach
  void listen() {
    handler.setLevel(Level.ALL);
    LOGGER.addHandler(handler);
    LOGGER.setLevel(Level.INFO);
  }

  @AfterEach
  void stopListening() {
    LOGGER.removeHandler(handler);
    LOGGER.setFilter(filter);
    LOGGER.setLevel(before);
  }

  @Test
  void theSdkLogsItsTurnsToThatLogger() throws IOException {
    assertThat(classOfTheSdk("DefaultRunner").contains("Remaining tasks [")).isTrue();
    assertThat(classOfTheSdk("DeploymentState").contains("getLogger")).isTrue();
  }

  private static String classOfTheSdk(String name) throws IOException {
    var path = "/com/pulumi/deployment/internal/DeploymentImpl$%s.class".formatted(name);
    try (var bytes = Pulumi.class.getResourceAsStream(path)) {
      assertThat(bytes).isNotNull();
      return new String(bytes.readAllBytes(), ISO_8859_1);
    }
  }

  @Test
  void aTurnIsAPauseAndNoMessage() {
    RunnerPause.begin();
    var start = System.nanoTime();

    LOGGER.log(Level.FINEST, "Remaining tasks [1]: {...}");

    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(20_000_000);
    assertThat(logged).isEmpty();
  }

  @Test
  void theLongerATurnTheLongerThePause() {
    assertThat(RunnerPause.after(Duration.ofMillis(1))).hasMillis(20);
    assertThat(RunnerPause.after(Duration.ofMillis(10))).hasMillis(90);
    assertThat(RunnerPause.after(Duration.ofMinutes(1))).hasMillis(500);
  }

  @Test
  void beginningTwiceIsAsOnce() {
    RunnerPause.begin();
    RunnerPause.begin();

    LOGGER.log(Level.FINE, "fine");

    assertThat(logged).isEmpty();
  }

  /** As a second program in the same JVM does, such as the next test with mocks. */
  @Test
  void beginsAgainOnceTheSdkHasSetTheLevel() {
    RunnerPause.begin();
    LOGGER.setLevel(Level.WARNING);
    RunnerPause.begin();
    var start = System.nanoTime();

    LOGGER.log(Level.FINEST, "Remaining tasks [1]: {...}");
    LOGGER.log(Level.INFO, "info");

    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(20_000_000);
    assertThat(logged).isEmpty();
  }

  @Test
  void whatWasLoggedBeforeIsLoggedStillAndNothingElse() {
    RunnerPause.begin();

    LOGGER.log(Level.FINE, "fine");
    LOGGER.log(Level.WARNING, "warning");

    assertThat(logged).containsExactly("warning");
  }
}
