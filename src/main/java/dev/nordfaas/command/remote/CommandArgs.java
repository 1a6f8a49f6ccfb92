package dev.nordfaas.command.remote;

import com.pulumi.core.Output;
import com.pulumi.core.annotations.Import;
import com.pulumi.resources.ResourceArgs;
import dev.nordfaas.command.Logging;
import dev.nordfaas.command.remote.inputs.ConnectionArgs;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Inputs of {@link Command}. */
@SuppressWarnings("UnusedVariable") // Pulumi reads the fields by reflection.
public final class CommandArgs extends ResourceArgs {
  @Import(name = "connection", required = true)
  private @Nullable Output<ConnectionArgs> connection;

  @Import(name = "create")
  private @Nullable Output<String> create;

  @Import(name = "update")
  private @Nullable Output<String> update;

  @Import(name = "delete")
  private @Nullable Output<String> delete;

  @Import(name = "stdin")
  private @Nullable Output<String> stdin;

  @Import(name = "environment")
  private @Nullable Output<Map<String, String>> environment;

  @Import(name = "triggers")
  private @Nullable Output<List<Object>> triggers;

  @Import(name = "addPreviousOutputInEnv")
  private @Nullable Output<Boolean> addPreviousOutputInEnv;

  @Import(name = "logging")
  private @Nullable Output<Logging> logging;

  private CommandArgs() {}

  public static Builder builder() {
    return new Builder();
  }

  /** Builds CommandArgs; every setter takes a value or an output. */
  public static final class Builder {
    private final CommandArgs args = new CommandArgs();

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

    /** Command run on create; and on update and on replacement, if {@code update} is not set. */
    public Builder create(Output<String> create) {
      args.create = create;
      return this;
    }

    /** Command run on create; and on update and on replacement, if {@code update} is not set. */
    public Builder create(String create) {
      return create(Output.of(create));
    }

    /** Command run on update; without it {@code create} runs again. */
    public Builder update(Output<String> update) {
      args.update = update;
      return this;
    }

    /** Command run on update; without it {@code create} runs again. */
    public Builder update(String update) {
      return update(Output.of(update));
    }

    /** Command run on delete and on replacement of the old resource. */
    public Builder delete(Output<String> delete) {
      args.delete = delete;
      return this;
    }

    /** Command run on delete and on replacement of the old resource. */
    public Builder delete(String delete) {
      return delete(Output.of(delete));
    }

    /** Text handed to the command on its standard input; a change is an update. */
    public Builder stdin(Output<String> stdin) {
      args.stdin = stdin;
      return this;
    }

    /** Text handed to the command on its standard input; a change is an update. */
    public Builder stdin(String stdin) {
      return stdin(Output.of(stdin));
    }

    /** Environment variables of the command; sshd has to allow them with AcceptEnv. */
    public Builder environment(Output<Map<String, String>> environment) {
      args.environment = environment;
      return this;
    }

    /** Environment variables of the command; sshd has to allow them with AcceptEnv. */
    public Builder environment(Map<String, String> environment) {
      return environment(Output.of(environment));
    }

    /**
     * Values whose change runs the command again, as an update; with the resource option {@code
     * replaceOnChanges("triggers[*]")} as a replacement.
     */
    public Builder triggers(Output<List<Object>> triggers) {
      args.triggers = triggers;
      return this;
    }

    /**
     * Values whose change runs the command again, as an update; with the resource option {@code
     * replaceOnChanges("triggers[*]")} as a replacement.
     */
    public Builder triggers(List<Object> triggers) {
      return triggers(Output.of(triggers));
    }

    /**
     * Whether update and delete see the last output in PULUMI_COMMAND_STDOUT and _STDERR; default
     * true.
     */
    public Builder addPreviousOutputInEnv(Output<Boolean> addPreviousOutputInEnv) {
      args.addPreviousOutputInEnv = addPreviousOutputInEnv;
      return this;
    }

    /**
     * Whether update and delete see the last output in PULUMI_COMMAND_STDOUT and _STDERR; default
     * true.
     */
    public Builder addPreviousOutputInEnv(Boolean addPreviousOutputInEnv) {
      return addPreviousOutputInEnv(Output.of(addPreviousOutputInEnv));
    }

    /** Which parts of the output go into the engine's log; default stdoutAndStderr. */
    public Builder logging(Output<Logging> logging) {
      args.logging = logging;
      return this;
    }

    /** Which parts of the output go into the engine's log; default stdoutAndStderr. */
    public Builder logging(Logging logging) {
      return logging(Output.of(logging));
    }

    public CommandArgs build() {
      Objects.requireNonNull(args.connection, "connection");
      return args;
    }
  }
}
