package dev.nordfaas.components;

import com.pulumi.core.Output;
import com.pulumi.exceptions.RunException;
import com.pulumi.resources.CustomResourceOptions;
import com.pulumi.resources.Resource;
import dev.nordfaas.command.Logging;
import dev.nordfaas.command.local.Command;
import dev.nordfaas.command.local.CommandArgs;
import java.util.Map;
import java.util.Optional;

/**
 * What something was first made as, kept in the state. A preview knows it, without a look at the
 * cluster, and can refuse what cannot be changed in place.
 */
public final class Origin {
  /** The variable that is printed, once and for all. */
  public static final String VARIABLE = "ORIGIN";

  private Origin() {}

  /**
   * The first value, as a child of {@code parent}: the given one, or that of an earlier run.
   *
   * @param name name of the resource; deleting it forgets the value
   */
  static Output<String> of(String name, String value, Resource parent) {
    var command =
        new Command(
            name,
            CommandArgs.builder()
                .create("printf '%%s' \"$%s\"".formatted(VARIABLE))
                .environment(Map.of(VARIABLE, value))
                .logging(Logging.NONE)
                .build(),
            CustomResourceOptions.builder().parent(parent).ignoreChanges("environment").build());
    return command.stdout();
  }

  /** Stops a preview, and an update, with the reason. */
  static Output<Boolean> checked(Output<Optional<String>> refusal) {
    return refusal.applyValue(
        reason -> {
          if (reason.isPresent()) {
            throw new RunException(reason.get());
          }
          return true;
        });
  }

  /** The value, which nobody gets before the check. */
  static <T> Output<T> after(Output<Boolean> checked, Output<T> value) {
    return Output.tuple(checked, value).applyValue(both -> both.t2);
  }
}
