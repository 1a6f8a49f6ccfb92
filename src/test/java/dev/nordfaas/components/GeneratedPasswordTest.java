package dev.nordfaas.components;

import static org.assertj.core.api.Assertions.assertThat;

import com.pulumi.core.Output;
import com.pulumi.resources.ComponentResourceOptions;
import com.pulumi.test.PulumiTest;
import com.pulumi.test.internal.PulumiTestInternal;
import dev.nordfaas.testing.RecordingMocks;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class GeneratedPasswordTest {
  @AfterEach
  void cleanUp() {
    PulumiTest.cleanup();
  }

  @RepeatedTest(20)
  void scriptPrintsALetterAnd31LettersOrDigits() throws IOException {
    var process = new ProcessBuilder("/bin/sh", "-c", GeneratedPassword.SCRIPT).start();

    assertThat(new String(process.getInputStream().readAllBytes())).matches("[a-z][a-z0-9]{31}");
  }

  @Test
  void isSecretAndLeavesNoTraceInTheLog() {
    var mocks = new RecordingMocks();
    var password = new AtomicReference<Output<String>>();
    PulumiTest.withMocks(mocks)
        .runTest(
            context ->
                password.set(
                    GeneratedPassword.create("nats-admin-password", new TestComponent("nats"))))
        .throwOnError();

    assertThat(PulumiTestInternal.extractOutputData(password.get()).isSecret()).isTrue();
    assertThat(mocks.one("command:local:Command", "nats-admin-password").inputs())
        .containsEntry("logging", "none");
  }

  private static final class TestComponent extends Component {
    TestComponent(String name) {
      super(TestComponent.class, name, ComponentResourceOptions.Empty);
    }
  }
}
