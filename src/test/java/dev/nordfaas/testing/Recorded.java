package dev.nordfaas.testing;

import com.pulumi.test.PulumiTest;
import dev.nordfaas.Platform;
import dev.nordfaas.plan.Plan;

/** What the program registers for a plan. */
public final class Recorded {
  private Recorded() {}

  /** Runs the program with mocks. */
  public static RecordingMocks of(Plan plan) {
    var mocks = new RecordingMocks();
    try {
      PulumiTest.withMocks(mocks)
          .runTest(context -> Platform.define(plan).forEach(context::export))
          .throwOnError();
    } finally {
      PulumiTest.cleanup();
    }
    return mocks;
  }
}
