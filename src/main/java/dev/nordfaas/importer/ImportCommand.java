package dev.nordfaas.importer;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.logging.LogManager;

/** The Java part of {@code tools/import-functions}; see there. */
public final class ImportCommand {
  private static final String USAGE =
      """
      Usage: java -cp target/nordfaas.jar dev.nordfaas.importer.ImportCommand FILE

      Prints the functions of FILE, a stack.yml of OpenFaaS, as a section of a stack config. Standard error has a
      line for everything that was left out or changed, or is still to do.
      """;

  private ImportCommand() {}

  public static void main(String[] args) {
    LogManager.getLogManager().reset();
    var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    var err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
    System.exit(run(args, System.getenv(), out, err));
  }

  /**
   * Converts one file.
   *
   * @param variables the environment, for what the file substitutes
   * @return the exit status: 0, converted; 1, it cannot be; 2, wrong usage
   */
  static int run(String[] args, Map<String, String> variables, PrintStream out, PrintStream err) {
    if (args.length == 1 && (args[0].equals("--help") || args[0].equals("-h"))) {
      out.print(USAGE);
      return 0;
    }
    if (args.length != 1 || args[0].isEmpty() || args[0].startsWith("-")) {
      err.print(USAGE);
      return 2;
    }
    var messages = new Messages();
    var functions = StackImport.read(Path.of(args[0]), variables, messages);
    if (functions.isEmpty()) {
      var problems = messages.problems();
      err.printf(
          "%s cannot be converted (%s):%n",
          args[0], problems.size() == 1 ? "1 problem" : problems.size() + " problems");
      problems.forEach(problem -> err.println("  " + problem));
      return 1;
    }
    messages.notes().forEach(err::println);
    out.print(functions.get());
    return 0;
  }
}
