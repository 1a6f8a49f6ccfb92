package dev.nordfaas.testing;

import com.pulumi.test.PulumiTest;
import dev.nordfaas.Platform;
import dev.nordfaas.plan.Plan;
import java.util.function.Consumer;

/** What the program registers for a plan. */
public final class Recorded {
  private Recorded() {}

  /**
   * Runs the program with mocks.
   *
   * @param plan what the stack consists of
   * @return what the platform registers
   */
  public static RecordingMocks of(Plan plan) {
    return of(plan, platform -> {});
  }

  /**
   * Runs the program with mocks, and what it adds to the platform.
   *
   * @param plan what the stack consists of
   * @param more what is given to {@code Nordfaas.run}
   * @return what platform and additions register
   */
  public static RecordingMocks of(Plan plan, Consumer<Platform> more) {
    var mocks = new RecordingMocks();
    try {
      PulumiTest.withMocks(mocks)
          .runTest(
              context -> {
                var platform = Platform.define(plan);
                more.accept(platform);
                platform.outputs().forEach(context::export);
              })
          .throwOnError();
    } finally {
      PulumiTest.cleanup();
    }
    return mocks;
  }
}
