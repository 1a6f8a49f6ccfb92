package dev.nordfaas.manifest;

import com.pulumi.core.Output;
import com.pulumi.core.annotations.Import;
import com.pulumi.kubernetes.core.v1.inputs.LifecycleArgs;
import com.pulumi.resources.ResourceArgs;
import java.time.Duration;

/**
 * Keeps a pod serving for a while after it was told to stop, until every node has stopped sending
 * it new connections.
 *
 * <p>This is Kubernetes' own {@code sleep} action (on by default since 1.30): it needs no program
 * in the image.
 */
public final class PreStop {
  private PreStop() {}

  /** Waits for whole seconds before the container gets its SIGTERM. */
  public static LifecycleArgs sleep(Duration duration) {
    var handler = new SleepHandler(new SleepAction(Math.toIntExact(duration.toSeconds())));
    return LifecycleArgs.builder().preStop(Untyped.inPlaceOf(handler)).build();
  }

  private static final class SleepHandler extends ResourceArgs {
    @Import(name = "sleep")
    @SuppressWarnings("UnusedVariable") // Pulumi reads it by reflection.
    private final Output<SleepAction> sleep;

    SleepHandler(SleepAction action) {
      this.sleep = Output.of(action);
    }
  }

  private static final class SleepAction extends ResourceArgs {
    @Import(name = "seconds", required = true)
    @SuppressWarnings("UnusedVariable") // Pulumi reads it by reflection.
    private final Output<Integer> seconds;

    SleepAction(int seconds) {
      this.seconds = Output.of(seconds);
    }
  }
}
