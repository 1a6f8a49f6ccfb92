package dev.nordfaas.command;

import com.pulumi.core.Output;
import com.pulumi.resources.CustomResourceOptions;
import com.pulumi.resources.Resource;
import java.util.Objects;

/** The version of the Command provider's plug-in that the bindings in this package follow. */
public final class CommandPlugin {
  public static final String VERSION = "1.2.1";

  private CommandPlugin() {}

  /** The given options, with the plug-in version pinned unless they name one themselves. */
  public static CustomResourceOptions pinned(CustomResourceOptions options) {
    return CustomResourceOptions.merge(
        CustomResourceOptions.builder().version(VERSION).build(), options);
  }

  /**
   * The command's output, or an empty string if there is none: {@code pulumi up --target} leaves
   * out other resources, which have no output if they do not exist yet.
   *
   * <p>An output that is unknown in a preview has forgotten, in the SDK 1.36, which resource it is
   * of; the URN has not. Without it a saved plan lacks the dependency, and the engine refuses to
   * apply it.
   */
  public static Output<String> output(Resource command, Output<String> output) {
    return Output.tuple(
            output.applyValue(text -> Objects.requireNonNullElse(text, "")), command.urn())
        .applyValue(both -> both.t1);
  }
}
