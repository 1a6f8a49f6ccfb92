package dev.nordfaas.approval;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The Java part of approved plans; see {@code tools/stack --help}. */
public final class ApprovedPlanCommand {
  private static final String USAGE =
      """
      Usage: java -cp target/nordfaas.jar dev.nordfaas.approval.ApprovedPlanCommand save|check FOLDER \\
               STACK CONFIG PROGRAM STATE COMMIT TOOLS

      save   writes FOLDER/manifest.json: what FOLDER/plan.json, a plan of the engine, is bound to
      check  fails unless all of that is still the same

      CONFIG is the stack's config, PROGRAM the jar, STATE an export of the stack's state.
      """;
  private static final String FIX =
      "run the preview again, have it approved, and apply that one (docs/ci.md)";
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private ApprovedPlanCommand() {}

  public static void main(String[] args) {
    System.exit(
        run(
            args,
            Clock.systemUTC(),
            new PrintStream(System.out, true, StandardCharsets.UTF_8),
            new PrintStream(System.err, true, StandardCharsets.UTF_8)));
  }

  static int run(String[] args, Clock clock, PrintStream out, PrintStream err) {
    if (args.length != 8 || !(args[0].equals("save") || args[0].equals("check"))) {
      err.print(USAGE);
      return 2;
    }
    var folder = Path.of(args[1]);
    try {
      return args[0].equals("save")
          ? save(folder, args, clock, out)
          : check(folder, args, clock, out, err);
    } catch (IOException | JacksonException e) {
      return refuse(err, "the plan cannot be read: " + e.getMessage());
    }
  }

  private static int save(Path folder, String[] args, Clock clock, PrintStream out)
      throws IOException {
    var plan = json(planIn(folder));
    var numbers = PlanFile.of(plan);
    int late = LateSecrets.accept(plan);
    if (late > 0) {
      Files.writeString(planIn(folder), JSON.writeValueAsString(plan) + "\n");
    }
    var manifest = now(args, numbers.withUnknown(late), clock);
    Files.writeString(manifestIn(folder), JSON.writeValueAsString(manifest) + "\n");
    out.println(manifest.summary());
    return 0;
  }

  private static int check(
      Path folder, String[] args, Clock clock, PrintStream out, PrintStream err)
      throws IOException {
    for (var file : new Path[] {manifestIn(folder), planIn(folder)}) {
      if (!Files.exists(file)) {
        return refuse(
            err, "there is no approved plan of %s: %s is missing".formatted(args[2], file));
      }
    }
    var approved = JSON.readValue(Files.readString(manifestIn(folder)), PlanManifest.class);
    var differences = approved.differences(now(args, PlanFile.of(json(planIn(folder))), clock));
    if (!differences.isEmpty()) {
      return refuse(
          err,
          "the approved plan of %s no longer holds\n  %s"
              .formatted(args[2], String.join("\n  ", differences)));
    }
    out.println(approved.summary());
    return 0;
  }

  private static int refuse(PrintStream err, String why) {
    err.printf("approved plan: error: %s%n  fix:  %s%n", why, FIX);
    return 1;
  }

  private static PlanManifest now(String[] args, PlanFile plan, Clock clock) throws IOException {
    var config = Path.of(args[3]);
    return new PlanManifest(
        PlanManifest.FORMAT,
        args[2],
        args[6],
        clock.instant().truncatedTo(ChronoUnit.SECONDS).toString(),
        Digest.of(Files.readString(config)),
        ProgramDigest.of(Path.of(args[4])),
        ReferencedFiles.of(config, Path.of("")),
        StateDigest.of(json(Path.of(args[5]))),
        args[7],
        Digest.of(Files.readString(planIn(Path.of(args[1])))),
        plan.operations(),
        plan.unknown(),
        plan.secret());
  }

  private static JsonNode json(Path file) throws IOException {
    return Optional.ofNullable(JSON.readTree(Files.readString(file))).orElseThrow();
  }

  private static Path manifestIn(Path folder) {
    return folder.resolve("manifest.json");
  }

  private static Path planIn(Path folder) {
    return folder.resolve("plan.json");
  }
}
