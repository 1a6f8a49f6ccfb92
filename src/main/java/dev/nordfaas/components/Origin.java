package dev.nordfaas.components;

import com.pulumi.core.Output;
import com.pulumi.exceptions.RunException;
import com.pulumi.resources.CustomResourceOptions;
import com.pulumi.resources.Resource;
import dev.nordfaas.command.Logging;
import dev.nordfaas.command.local.Command;
import dev.nordfaas.command.local.CommandArgs;
import dev.nordfaas.config.StorageConfig;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.manifest.VolumeOrigin;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

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

  /**
   * Checks whether a volume can become what the config says.
   *
   * @param name name of the resource that keeps its first size and class
   * @param key the volume's key in the config
   */
  static Output<Boolean> ofVolume(
      String name,
      KeyPath key,
      StorageConfig storage,
      VolumeOrigin.Holder holder,
      Resource parent) {
    return checked(
        of(name, VolumeOrigin.of(storage), parent)
            .applyValue(origin -> VolumeOrigin.refusal(key, storage, holder, origin)));
  }

  /**
   * Fails a preview or an update with the reason, if there is one. What waits for the check does
   * not fail then, but waits for ever: of several failures the SDK reports the first that it comes
   * across, and that of a resource as a fault of the program, with a stack trace.
   */
  static Output<Boolean> checked(Output<Optional<String>> refusal) {
    var unused =
        refusal.applyValue(
            reason -> {
              if (reason.isPresent()) {
                throw new RunException(reason.get());
              }
              return true;
            });
    return refusal.apply(
        reason -> reason.isPresent() ? Output.of(new CompletableFuture<>()) : Output.of(true));
  }

  /** All of the checks. */
  static Output<Boolean> all(List<Output<Boolean>> checks) {
    return Output.all(checks).applyValue(passed -> true);
  }

  /** The value, which only resolves after the check. */
  static <T> Output<T> after(Output<Boolean> checked, Output<T> value) {
    return Output.tuple(checked, value).applyValue(both -> both.t2);
  }
}
