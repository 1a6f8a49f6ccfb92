package dev.nordfaas.queueworker.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.queueworker.testing.FunctionStub;
import dev.nordfaas.queueworker.testing.FunctionStub.Reply;
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

    assertThat(CallCommand.run(environment(function))).isEqualTo(1);
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
      assertThat(CallCommand.run(environment(function))).isEqualTo(1);
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
    return Map.of(
        "FUNCTION_URL",
        function.url().toString(),
        "CALL_TIMEOUT",
        "1s",
        "CALL_ID",
        "job-1",
        "BODY",
        "{\"night\": true}");
  }
}
