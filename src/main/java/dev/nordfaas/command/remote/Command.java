package dev.nordfaas.command.remote;

import com.pulumi.core.Output;
import com.pulumi.core.annotations.Export;
import com.pulumi.core.annotations.ResourceType;
import com.pulumi.resources.CustomResource;
import com.pulumi.resources.CustomResourceOptions;
import dev.nordfaas.command.CommandPlugin;

/** A command that runs on a remote host, over SSH; its output is the resource's. */
@ResourceType(type = "command:remote:Command")
public final class Command extends CustomResource {
  @Export(name = "stdout", refs = String.class, tree = "[0]")
  private Output<String> stdout;

  @Export(name = "stderr", refs = String.class, tree = "[0]")
  private Output<String> stderr;

  @SuppressWarnings("NullAway.Init") // The SDK sets the @Export fields in the constructor.
  public Command(String name, CommandArgs args, CustomResourceOptions options) {
    super("command:remote:Command", name, args, CommandPlugin.pinned(options));
  }

  /** What the command wrote to its standard output, with the last line break removed. */
  public Output<String> stdout() {
    return CommandPlugin.output(this, stdout);
  }

  /** What the command wrote to its standard error. */
  public Output<String> stderr() {
    return CommandPlugin.output(this, stderr);
  }
}
