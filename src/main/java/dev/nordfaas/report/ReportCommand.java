package dev.nordfaas.report;

import dev.nordfaas.config.check.ConfigLoader;
import dev.nordfaas.config.check.ConfigSource;
import dev.nordfaas.config.check.InvalidStackConfigException;
import dev.nordfaas.plan.Plan;
import dev.nordfaas.policy.CheckedPlan;
import dev.nordfaas.policy.CheckedStack;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.logging.LogManager;
import org.jspecify.annotations.Nullable;

/** Writes the report of a stack, as Markdown: see {@code --help} and docs/report.md. */
public final class ReportCommand {
  private static final String USAGE =
      """
      Usage: java -cp target/nordfaas.jar dev.nordfaas.report.ReportCommand --config Pulumi.STACK.yaml [OPTION...]

      Prints what a change of a stack means, as Markdown for a comment on GitHub. Nothing in it is secret.

        --config FILE    the stack's config
        --preview FILE   what `pulumi preview --json` printed: adds operations, replacements and restarts
        --before FILE    the config as it was, named Pulumi.STACK.yaml: adds the differences
        --out FILE       writes it there instead
        --limit N        at most N characters, from 20000; by default 65536, as many as a comment may have
      """;

  private static final String CONFIG = "--config";
  private static final String PREVIEW = "--preview";
  private static final String BEFORE = "--before";
  private static final String OUT = "--out";
  private static final String LIMIT = "--limit";
  private static final Set<String> OPTIONS = Set.of(CONFIG, PREVIEW, BEFORE, OUT, LIMIT);

  private final Map<String, String> options;
  private final List<String> problems = new ArrayList<>();

  private ReportCommand(Map<String, String> options) {
    this.options = options;
  }

  public static void main(String[] args) {
    LogManager.getLogManager().reset();
    var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    var err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
    System.exit(run(args, out, err));
  }

  /**
   * Writes one report.
   *
   * @return the exit status: 0, written; 1, it cannot be; 2, wrong usage
   */
  static int run(String[] args, PrintStream out, PrintStream err) {
    if (args.length == 1 && (args[0].equals("--help") || args[0].equals("-h"))) {
      out.print(USAGE);
      return 0;
    }
    var options = options(args);
    if (options.isEmpty() || !options.get().containsKey(CONFIG)) {
      err.print(USAGE);
      return 2;
    }
    var command = new ReportCommand(options.get());
    var page = command.page();
    page.ifPresent(text -> command.write(text, out));
    command.problems.forEach(problem -> err.println("report: error: " + problem));
    return command.problems.isEmpty() ? 0 : 1;
  }

  private static Optional<Map<String, String>> options(String[] args) {
    var options = new HashMap<String, String>();
    for (var i = 0; i < args.length; i += 2) {
      if (!OPTIONS.contains(args[i])
          || i + 1 == args.length
          || options.put(args[i], args[i + 1]) != null) {
        return Optional.empty();
      }
    }
    return Optional.of(options);
  }

  /** Empty if there are problems; all of them are found. */
  private Optional<String> page() {
    var config = options.getOrDefault(CONFIG, "");
    var limit = limit();
    var checked = checked(config);
    var preview = preview();
    var before = before();
    if (!problems.isEmpty() || checked == null) {
      return Optional.empty();
    }
    return Optional.of(
        ReportPage.render(Report.of(checked.name(), checked.plan(), preview, before), limit));
  }

  private int limit() {
    var text = options.getOrDefault(LIMIT, String.valueOf(Page.LIMIT));
    if (text.matches("[0-9]{1,9}") && Integer.parseInt(text) >= Page.LEAST_LIMIT) {
      return Integer.parseInt(text);
    }
    problems.add("%s %s is not a number from %d".formatted(LIMIT, text, Page.LEAST_LIMIT));
    return Page.LIMIT;
  }

  private @Nullable CheckedStack checked(String file) {
    if (!exists(CONFIG, file)) {
      return null;
    }
    try {
      return CheckedStack.read(Path.of(file));
    } catch (InvalidStackConfigException | IllegalArgumentException e) {
      problems.add(String.valueOf(e.getMessage()));
      return null;
    }
  }

  private Optional<Preview> preview() {
    var file = options.get(PREVIEW);
    if (file == null || !exists(PREVIEW, file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(PreviewJson.read(Files.readString(Path.of(file))));
    } catch (IllegalArgumentException | IOException e) {
      problems.add(
          "%s %s %s; use what `pulumi preview --json` printed"
              .formatted(
                  PREVIEW,
                  file,
                  e instanceof IOException ? "cannot be read as text" : e.getMessage()));
      return Optional.empty();
    }
  }

  /** What was accepted once need not be now: then there is a report without it. */
  private Before before() {
    var file = options.get(BEFORE);
    if (file == null || !exists(BEFORE, file)) {
      return new Before.Nothing();
    }
    try {
      return new Before.Earlier(Plan.of(ConfigLoader.load(ConfigSource.fromFile(Path.of(file)))));
    } catch (InvalidStackConfigException e) {
      return new Before.Unusable();
    } catch (IllegalArgumentException e) {
      problems.add("%s: %s".formatted(BEFORE, e.getMessage()));
      return new Before.Nothing();
    }
  }

  private boolean exists(String option, String file) {
    if (Files.isRegularFile(Path.of(file))) {
      return true;
    }
    problems.add("%s: there is no file %s".formatted(option, file));
    return false;
  }

  private void write(String text, PrintStream out) {
    var file = options.get(OUT);
    if (file == null) {
      out.print(text);
      return;
    }
    try {
      Files.writeString(Path.of(file), text);
    } catch (IOException e) {
      problems.add("%s: %s cannot be written".formatted(OUT, file));
    }
  }

  /** The report of a stack alone: what its config says, without an engine. */
  public static String ofConfig(String stack, CheckedPlan checked) {
    return ReportPage.render(
        Report.of(stack, checked, Optional.empty(), new Before.Nothing()), Page.LIMIT);
  }
}
