package dev.nordfaas.queueworker.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.queueworker.testing.FunctionStub;
import dev.nordfaas.queueworker.testing.FunctionStub.Reply;
import dev.nordfaas.queueworker.testing.LateDoor;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallCommandTest {
  @ParameterizedTest
  @CsvSource({
    "200, 0", "204, 0", "500, 1", "502, 1", "429, 1", "408, 1", "425, 1", "400, 3", "404, 3",
    "302, 3"
  })
  void exitCodeTellsWhetherToTryAgain(int status, int exitCode) {
    try (var function = FunctionStub.start().answers(call -> Reply.of(status))) {
      assertThat(CallCommand.run(environment(function))).isEqualTo(exitCode);
    }
  }

  @Test
  void postsBodyTypeAndId() {
    try (var function = FunctionStub.start()) {
      CallCommand.run(environment(function));

      assertThat(function.calls())
          .singleElement()
          .satisfies(call -> assertThat(call.body()).isEqualTo("{\"night\": true}"))
          .satisfies(call -> assertThat(call.id()).isEqualTo("job-1"))
          .satisfies(call -> assertThat(call.header("Content-type")).isEqualTo("application/json"));
    }
  }

  @Test
  void triesAgainWhereNobodyAnswers() {
    var function = FunctionStub.start();
    function.close();

    assertThat(CallCommand.run(environment(function.url().toString(), "1s"))).isEqualTo(1);
  }

  @Test
  void callsOnceWhereANewPodIsRefusedAtFirst() throws IOException {
    try (var function = FunctionStub.start()) {
      // What the JVM loads for a call would keep it until the door is open.
      CallCommand.run(environment(function));
      try (var door = LateDoor.to(function.port(), Duration.ofMillis(1800))) {
        var url = "http://127.0.0.1:%d/function/test".formatted(door.port());

        assertThat(CallCommand.run(environment(url, "10s"))).isZero();
        assertThat(function.calls()).hasSize(2);
      }
    }
  }

  @Test
  void triesAgainWhereTheAnswerIsTooLate() {
    try (var function =
        FunctionStub.start()
            .answers(
                call -> {
                  sleep();
                  return Reply.of(200);
                })) {
      assertThat(CallCommand.run(environment(function.url().toString(), "1s"))).isEqualTo(1);
    }
  }

  @Test
  void namesWhatIsMissing() {
    assertThat(CallCommand.run(Map.of())).isEqualTo(2);
  }

  private static void sleep() {
    try {
      Thread.sleep(1500);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Map<String, String> environment(FunctionStub function) {
    return environment(function.url().toString(), "10s");
  }

  private static Map<String, String> environment(String url, String timeout) {
    return Map.of(
        "FUNCTION_URL",
        url,
        "CALL_TIMEOUT",
        timeout,
        "CALL_ID",
        "job-1",
        "BODY",
        "{\"night\": true}");
  }
}
