package dev.nordfaas.graph;

import dev.nordfaas.config.check.InvalidStackConfigException;
import dev.nordfaas.plan.Plan;
import dev.nordfaas.policy.CheckedStack;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Draws a stack: {@code make graph STACK=oslo}. */
public final class GraphCommand {
  private static final String USAGE =
      """
      Usage: java -cp target/nordfaas.jar dev.nordfaas.graph.GraphCommand Pulumi.STACK.yaml FILE.svg

      Draws the stack's platform into FILE.svg, which is replaced: the path of its requests, who may connect to
      whom, its nodes, and what leaves the cluster. It is made for a sheet of A4 in landscape. Needs no engine,
      cluster or network. Nothing in it is secret.
      """;

  private GraphCommand() {}

  /** Draws, or prints the reason on standard error. */
  public static void main(String[] args) {
    System.exit(run(args, System.out, System.err));
  }

  /** The picture of a stack as SVG; the same plan always gives the same bytes. */
  public static String draw(Plan plan) {
    return Picture.svg(plan);
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
      write(Path.of(args[1]), draw(checked.plan().plan()));
      out.println(args[1]);
      return 0;
    } catch (InvalidStackConfigException | IllegalArgumentException e) {
      err.println(e.getMessage());
      return 1;
    } catch (IOException e) {
      err.printf("%s cannot be written: %s; name a file in a folder of yours%n", args[1], e);
      return 1;
    }
  }

  private static void write(Path file, String svg) throws IOException {
    var folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    Files.writeString(file, svg);
  }
}
