package dev.nordfaas.components;

import com.pulumi.core.Output;
import com.pulumi.resources.CustomResourceOptions;
import com.pulumi.resources.Resource;
import dev.nordfaas.command.Logging;
import dev.nordfaas.command.local.Command;
import dev.nordfaas.command.local.CommandArgs;
import java.util.List;

/**
 * A password that is generated once, at the first {@code pulumi up}, and exists only as a secret in
 * the state. It only changes with a trigger, or when the resource is replaced.
 */
final class GeneratedPassword {
  /**
   * 32 characters of 36, the first one a letter: 165 bits. None of them has a special meaning in a
   * shell, a DSN or the NATS config parser, which reads a leading digit as a number.
   */
  static final String SCRIPT =
      """
      set -eu
      first=$(LC_ALL=C tr -dc 'a-z' </dev/urandom | head -c 1)
      rest=$(LC_ALL=C tr -dc 'a-z0-9' </dev/urandom | head -c 31)
      test "${#rest}" -eq 31
      printf '%s' "$first$rest"
      """;

  private GeneratedPassword() {}

  /** A new password as a child of {@code parent}. */
  static Output<String> create(String name, Resource parent) {
    return create(name, List.of(), parent);
  }

  /** The same, but Pulumi refuses to delete it: what it unlocks would be lost for good. */
  static Output<String> createProtected(String name, Resource parent) {
    return create(name, List.of(), parent, true);
  }

  /** The same, generated again when one of the triggers changes. */
  static Output<String> create(String name, List<Object> triggers, Resource parent) {
    return create(name, triggers, parent, false);
  }

  private static Output<String> create(
      String name, List<Object> triggers, Resource parent, boolean protect) {
    var args = CommandArgs.builder().create(SCRIPT).logging(Logging.NONE);
    if (!triggers.isEmpty()) {
      args.triggers(triggers);
    }
    var command =
        new Command(
            name,
            args.build(),
            CustomResourceOptions.builder()
                .parent(parent)
                .protect(protect)
                .additionalSecretOutputs("stdout")
                .build());
    return command.stdout().asSecret();
  }
}
