package dev.nordfaas.render;

import dev.nordfaas.config.check.InvalidStackConfigException;
import dev.nordfaas.graph.GraphCommand;
import dev.nordfaas.policy.CheckedStack;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.LogManager;

/** Renders a stack into a folder: {@code make render STACK=oslo OUT=folder}. */
public final class RenderCommand {
  private static final String USAGE =
      """
      Usage: java -cp target/nordfaas.jar dev.nordfaas.render.RenderCommand Pulumi.STACK.yaml FOLDER

      Writes the stack's cloud-init user-data, K3s files and Kubernetes objects, report.md and a picture of it into
      FOLDER, replacing the last rendering there. Needs no engine, cluster or network. Nothing in it is secret.
      """;

  /** As {@code make graph} names it. */
  private static final String PICTURE = "graph.svg";

  private RenderCommand() {}

  /** Renders, or prints the reason on standard error. */
  public static void main(String[] args) {
    // The SDK logs what it does, which nobody needs here.
    LogManager.getLogManager().reset();
    // Its threads outlive the work.
    System.exit(run(args, System.out, System.err));
  }

  static int run(String[] args, PrintStream out, PrintStream err) {
    if (args.length == 1 && (args[0].equals("--help") || args[0].equals("-h"))) {
      out.print(USAGE);
      return 0;
    }
    if (args.length != 2) {
      err.print(USAGE);
      return 2;
    }
    var stack = Path.of(args[0]);
    if (!Files.exists(stack)) {
      err.printf("there is no %s; use the file of a stack (docs/stack-config.md)%n", stack);
      return 1;
    }
    try {
      var checked = CheckedStack.read(stack);
      checked.printWarnings(err);
      var files = Renderer.render(checked.name(), checked.plan());
      files.put(PICTURE, GraphCommand.draw(checked.plan().plan()));
      new Folder(Path.of(args[1])).replace(files);
      out.printf("%d files in %s%n", files.size(), args[1]);
      return 0;
    } catch (InvalidStackConfigException | IllegalArgumentException | UncheckedIOException e) {
      err.println(e.getMessage());
      return 1;
    }
  }
}
