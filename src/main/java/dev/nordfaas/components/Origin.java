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
 * How something was first created, kept in the state. A preview knows it without looking at the
 * cluster, and can refuse what cannot be changed in place.
 */
public final class Origin {
  /** The environment variable whose first value is kept. */
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

  /** Fails a preview or an update with the reason, if there is one. */
  static Output<Boolean> checked(Output<Optional<String>> refusal) {
    return refusal.applyValue(
        reason -> {
          if (reason.isPresent()) {
            throw new RunException(reason.get());
          }
          return true;
        });
  }

  /** The value, which only resolves after the check. */
  static <T> Output<T> after(Output<Boolean> checked, Output<T> value) {
    return Output.tuple(checked, value).applyValue(both -> both.t2);
  }
}
