package dev.nordfaas.components;

import static org.assertj.core.api.Assertions.assertThat;

import com.pulumi.core.Output;
import com.pulumi.core.internal.Internal;
import com.pulumi.exceptions.RunException;
import com.pulumi.resources.CustomResourceOptions;
import com.pulumi.test.PulumiTest;
import com.pulumi.test.TestOptions;
import dev.nordfaas.command.local.Command;
import dev.nordfaas.command.local.CommandArgs;
import dev.nordfaas.testing.RecordingMocks;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OriginTest {
  private final RecordingMocks mocks = new RecordingMocks();

  @AfterEach
  void cleanUp() {
    PulumiTest.cleanup();
  }

  /**
   * The SDK reports whichever failure it comes across first: that of a resource, which it takes for
   * a fault of the program, with a stack trace.
   */
  @Test
  void whatWaitsForARefusedCheckDoesNotFailAsWell() throws InterruptedException {
    var waiting = new AtomicReference<CompletableFuture<?>>();
    var result =
        PulumiTest.withMocks(mocks)
            .withOptions(TestOptions.builder().preview(true).build())
            .runTest(
                context -> {
                  var checked = Origin.checked(Output.of(Optional.of("undo it")));
                  var value = Origin.after(checked, Output.of("true"));
                  waiting.set(Internal.of(value).getDataAsync());
                  resource(value);
                });

    assertThat(result.exceptions()).last().isInstanceOf(RunException.class);
    assertThat(result.exceptions()).last().extracting(Throwable::getMessage).isEqualTo("undo it");
    assertThat(mocks.all()).isEmpty();
    Thread.sleep(300);
    assertThat(waiting.get()).isNotDone();
  }

  @Test
  void whatWaitsForACheckThatPassesIsCreated() {
    PulumiTest.withMocks(mocks)
        .runTest(
            context -> {
              var checked = Origin.checked(Output.of(Optional.empty()));
              resource(Origin.after(checked, Output.of("true")));
            })
        .throwOnError();

    assertThat(mocks.all()).hasSize(1);
  }

  private static void resource(Output<String> create) {
    new Command("waits", CommandArgs.builder().create(create).build(), CustomResourceOptions.Empty);
  }
}
