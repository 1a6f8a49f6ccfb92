package dev.nordfaas.manifest;

import com.pulumi.core.Output;
import com.pulumi.kubernetes.core.v1.inputs.ExecActionArgs;
import java.util.List;

/**
 * Commands and arguments, which a container gets as they are written.
 *
 * <p>The kubelet expands {@code $(NAME)} and {@code $$} in a container's command and arguments and
 * in exec probes, but not in the hooks of its life cycle.
 */
public final class Command {
  private Command() {}

  /** The command of a container, or its arguments. */
  public static Output<List<String>> of(String... words) {
    return of(List.of(words));
  }

  /** The command of a container, or its arguments. */
  public static Output<List<String>> of(List<String> words) {
    return Output.of(words.stream().map(Literal::of).toList());
  }

  /** The command of a probe. */
  public static ExecActionArgs probe(String... words) {
    return ExecActionArgs.builder().command(of(words)).build();
  }

  /** The command of a hook. */
  public static ExecActionArgs hook(String... words) {
    return ExecActionArgs.builder().command(words).build();
  }
}
