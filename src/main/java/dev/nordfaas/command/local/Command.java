package dev.nordfaas.command.local;

import com.pulumi.asset.Archive;
import com.pulumi.asset.Asset;
import com.pulumi.core.Output;
import com.pulumi.core.annotations.Export;
import com.pulumi.core.annotations.ResourceType;
import com.pulumi.resources.CustomResource;
import com.pulumi.resources.CustomResourceOptions;
import dev.nordfaas.command.CommandPlugin;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A command that runs where Pulumi runs; its output is the resource's. */
@ResourceType(type = "command:local:Command")
public final class Command extends CustomResource {
  @Export(name = "stdout", refs = String.class, tree = "[0]")
  private Output<String> stdout;

  @Export(name = "stderr", refs = String.class, tree = "[0]")
  private Output<String> stderr;

  @Export(
      name = "assets",
      refs = {Map.class, String.class, Asset.class},
      tree = "[0,1,2]")
  private Output<@Nullable Map<String, Asset>> assets;

  @Export(name = "archive", refs = Archive.class, tree = "[0]")
  private Output<@Nullable Archive> archive;

  @SuppressWarnings("NullAway.Init") // The SDK sets the @Export fields in the constructor.
  public Command(String name, CommandArgs args, CustomResourceOptions options) {
    super("command:local:Command", name, args, CommandPlugin.pinned(options));
  }

  /** What the command wrote to its standard output, with the last line break removed. */
  public Output<String> stdout() {
    return CommandPlugin.output(this, stdout);
  }

  /** What the command wrote to its standard error. */
  public Output<String> stderr() {
    return CommandPlugin.output(this, stderr);
  }

  /** The files that {@code assetPaths} asked for, by their path; none without it. */
  public Output<Map<String, Asset>> assets() {
    return assets.applyValue(files -> Objects.requireNonNullElse(files, Map.of()));
  }

  /** The files that {@code archivePaths} asked for. */
  public Output<Optional<Archive>> archive() {
    return archive.applyValue(Optional::ofNullable);
  }
}
