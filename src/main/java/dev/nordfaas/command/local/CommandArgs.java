package dev.nordfaas.command.local;

import com.pulumi.core.Output;
import com.pulumi.core.annotations.Import;
import com.pulumi.resources.ResourceArgs;
import dev.nordfaas.command.Logging;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Inputs of {@link Command}. */
@SuppressWarnings("UnusedVariable") // Pulumi reads the fields by reflection.
public final class CommandArgs extends ResourceArgs {
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

  @Import(name = "dir")
  private @Nullable Output<String> dir;

  @Import(name = "interpreter")
  private @Nullable Output<List<String>> interpreter;

  @Import(name = "assetPaths")
  private @Nullable Output<List<String>> assetPaths;

  @Import(name = "archivePaths")
  private @Nullable Output<List<String>> archivePaths;

  private CommandArgs() {}

  public static Builder builder() {
    return new Builder();
  }

  /** Builds CommandArgs; every setter takes a value or an output. */
  public static final class Builder {
    private final CommandArgs args = new CommandArgs();

    private Builder() {}

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

    /** Environment variables of the command. */
    public Builder environment(Output<Map<String, String>> environment) {
      args.environment = environment;
      return this;
    }

    /** Environment variables of the command. */
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

    /** Directory to run in; default: that of the program. */
    public Builder dir(Output<String> dir) {
      args.dir = dir;
      return this;
    }

    /** Directory to run in; default: that of the program. */
    public Builder dir(String dir) {
      return dir(Output.of(dir));
    }

    /** Program that gets the command as its last argument; default {@code /bin/sh -c}. */
    public Builder interpreter(Output<List<String>> interpreter) {
      args.interpreter = interpreter;
      return this;
    }

    /** Program that gets the command as its last argument; default {@code /bin/sh -c}. */
    public Builder interpreter(List<String> interpreter) {
      return interpreter(Output.of(interpreter));
    }

    /** Globs of files that the command creates, available as {@link Command#assets}. */
    public Builder assetPaths(Output<List<String>> assetPaths) {
      args.assetPaths = assetPaths;
      return this;
    }

    /** Globs of files that the command creates, available as {@link Command#assets}. */
    public Builder assetPaths(List<String> assetPaths) {
      return assetPaths(Output.of(assetPaths));
    }

    /** Globs of files that the command creates, available as {@link Command#archive}. */
    public Builder archivePaths(Output<List<String>> archivePaths) {
      args.archivePaths = archivePaths;
      return this;
    }

    /** Globs of files that the command creates, available as {@link Command#archive}. */
    public Builder archivePaths(List<String> archivePaths) {
      return archivePaths(Output.of(archivePaths));
    }

    public CommandArgs build() {
      return args;
    }
  }
}
