package dev.nordfaas.command.remote;

import com.pulumi.asset.AssetOrArchive;
import com.pulumi.core.Output;
import com.pulumi.core.annotations.Import;
import com.pulumi.resources.ResourceArgs;
import dev.nordfaas.command.remote.inputs.ConnectionArgs;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Inputs of {@link CopyToRemote}. */
@SuppressWarnings("UnusedVariable") // Pulumi reads the fields by reflection.
public final class CopyToRemoteArgs extends ResourceArgs {
  @Import(name = "connection", required = true)
  private @Nullable Output<ConnectionArgs> connection;

  @Import(name = "source", required = true)
  private @Nullable Output<AssetOrArchive> source;

  @Import(name = "remotePath", required = true)
  private @Nullable Output<String> remotePath;

  @Import(name = "triggers")
  private @Nullable Output<List<Object>> triggers;

  private CopyToRemoteArgs() {}

  public static Builder builder() {
    return new Builder();
  }

  /** Builds CopyToRemoteArgs; every setter takes a value or an output. */
  public static final class Builder {
    private final CopyToRemoteArgs args = new CopyToRemoteArgs();

    private Builder() {}

    /** How to reach the host; secret as a whole. */
    public Builder connection(Output<ConnectionArgs> connection) {
      args.connection = connection.asSecret();
      return this;
    }

    /** How to reach the host; secret as a whole. */
    public Builder connection(ConnectionArgs connection) {
      return connection(Output.of(connection));
    }

    /** The file or folder to copy. */
    public Builder source(Output<AssetOrArchive> source) {
      args.source = source;
      return this;
    }

    /** The file or folder to copy. */
    public Builder source(AssetOrArchive source) {
      return source(Output.of(source));
    }

    /** Where it goes on the host. */
    public Builder remotePath(Output<String> remotePath) {
      args.remotePath = remotePath;
      return this;
    }

    /** Where it goes on the host. */
    public Builder remotePath(String remotePath) {
      return remotePath(Output.of(remotePath));
    }

    /**
     * Values whose change copies again, as an update; with the resource option {@code
     * replaceOnChanges("triggers[*]")} as a replacement.
     */
    public Builder triggers(Output<List<Object>> triggers) {
      args.triggers = triggers;
      return this;
    }

    /**
     * Values whose change copies again, as an update; with the resource option {@code
     * replaceOnChanges("triggers[*]")} as a replacement.
     */
    public Builder triggers(List<Object> triggers) {
      return triggers(Output.of(triggers));
    }

    public CopyToRemoteArgs build() {
      Objects.requireNonNull(args.connection, "connection");
      Objects.requireNonNull(args.source, "source");
      Objects.requireNonNull(args.remotePath, "remotePath");
      return args;
    }
  }
}
