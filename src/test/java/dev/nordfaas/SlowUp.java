package dev.nordfaas;

import com.pulumi.Pulumi;
import com.pulumi.resources.CustomResourceOptions;
import dev.nordfaas.command.Logging;
import dev.nordfaas.command.local.Command;
import dev.nordfaas.command.local.CommandArgs;
import java.util.List;

/**
 * What {@code bench/up-cost} measures: a program that registers as many resources as Oslo, all of
 * which wait for one that takes long.
 */
public final class SlowUp {
  private static final int WAITING = 150;

  private SlowUp() {}

  /** Runs it; the system property {@code pause} says whether with the pause in the SDK's loop. */
  public static void main(String[] args) {
    Pulumi.run(
        context -> {
          if (Boolean.getBoolean("pause")) {
            RunnerPause.begin();
          }
          var slow = command("slow", "sleep " + context.config().require("seconds"), List.of());
          for (int number = 0; number < WAITING; number++) {
            command("waits-" + number, "true", List.of(slow));
          }
        });
  }

  private static Command command(String name, String create, List<Command> before) {
    var args = CommandArgs.builder().create(create).logging(Logging.NONE).build();
    return new Command(
        name,
        args,
        CustomResourceOptions.builder().dependsOn(before.toArray(Command[]::new)).build());
  }
}
