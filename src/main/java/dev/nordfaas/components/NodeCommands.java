package dev.nordfaas.components;

import com.pulumi.asset.FileAsset;
import com.pulumi.core.Output;
import com.pulumi.resources.CustomResourceOptions;
import dev.nordfaas.command.Logging;
import dev.nordfaas.command.remote.Command;
import dev.nordfaas.command.remote.CommandArgs;
import dev.nordfaas.command.remote.CopyToRemote;
import dev.nordfaas.command.remote.CopyToRemoteArgs;
import dev.nordfaas.command.remote.inputs.ConnectionArgs;
import dev.nordfaas.config.NodeConfig;
import dev.nordfaas.config.SshConfig;
import dev.nordfaas.config.SshHostKey;
import dev.nordfaas.host.SshConnection;
import dev.nordfaas.template.NodeScript;
import java.util.List;

/**
 * Runs the scripts of {@code cloud-init/scripts} on one node. On one that is away nothing runs:
 * whatever changes waits until it is back.
 */
final class NodeCommands {
  private final ConnectionArgs connection;
  private final boolean isAway;

  private NodeCommands(ConnectionArgs connection, boolean isAway) {
    this.connection = connection;
    this.isAway = isAway;
  }

  static NodeCommands of(SshConfig ssh, NodeConfig node) {
    return new NodeCommands(SshConnection.of(ssh, node), node.away());
  }

  /** A script that gets the given text on stdin, and logs what it does. */
  Command run(String name, NodeScript script, String stdin, CustomResourceOptions options) {
    return new Command(name, args(script).stdin(stdin).build(), unlessAway(options));
  }

  /**
   * A script that gets the given text on stdin, and runs again when the drift seen on the node
   * changes.
   */
  Command runAgainOn(
      Output<String> seen,
      String name,
      NodeScript script,
      String stdin,
      CustomResourceOptions options) {
    return new Command(
        name,
        args(script).stdin(stdin).triggers(seen.applyValue(text -> List.<Object>of(text))).build(),
        unlessAway(options));
  }

  /** A script without input, whose output is used by others. */
  Command read(String name, NodeScript script, CustomResourceOptions options) {
    return new Command(name, args(script).build(), unlessAway(options));
  }

  /**
   * A script that gets the given text on stdin, and one that gets the same when the resource is
   * deleted.
   */
  Command run(
      String name,
      NodeScript script,
      NodeScript delete,
      String stdin,
      CustomResourceOptions options) {
    return new Command(
        name, args(script).delete(delete.text()).stdin(stdin).build(), unlessAway(options));
  }

  /**
   * Puts a file of the machine that runs Pulumi into the home of the SSH user, and again on another
   * machine under the node's name: with another connection alone, the plug-in copies nothing.
   */
  CopyToRemote upload(
      String name, String file, String path, SshHostKey machine, CustomResourceOptions options) {
    return new CopyToRemote(
        name,
        CopyToRemoteArgs.builder()
            .connection(connection)
            .source(new FileAsset(file))
            .remotePath(path)
            .triggers(List.of(machine.text()))
            .build(),
        CustomResourceOptions.merge(
            unlessAway(options),
            CustomResourceOptions.builder().replaceOnChanges("triggers[*]").build()));
  }

  /** A script that gets a secret on stdin, and logs nothing. */
  Command runWithSecret(
      String name, NodeScript script, Output<String> stdin, CustomResourceOptions options) {
    return new Command(
        name,
        args(script).stdin(stdin.asSecret()).logging(Logging.NONE).build(),
        unlessAway(options));
  }

  /**
   * A script that gets the given text on stdin, prints a secret, and logs nothing. A command's
   * error still repeats its output, so the script has to print the secret last.
   */
  Command readSecret(String name, NodeScript script, String stdin, CustomResourceOptions options) {
    return new Command(
        name,
        args(script).stdin(stdin).logging(Logging.NONE).build(),
        CustomResourceOptions.merge(
            unlessAway(options),
            CustomResourceOptions.builder().additionalSecretOutputs("stdout").build()));
  }

  private CustomResourceOptions unlessAway(CustomResourceOptions options) {
    return isAway ? Component.ignoring("*", options) : options;
  }

  private CommandArgs.Builder args(NodeScript script) {
    return CommandArgs.builder()
        .connection(connection)
        .create(script.text())
        // Needs AcceptEnv of sshd, and would put a secret's last value into the environment.
        .addPreviousOutputInEnv(false);
  }
}
