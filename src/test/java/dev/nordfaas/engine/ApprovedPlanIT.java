package dev.nordfaas.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.testing.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What an approved plan holds, with the real engine and plug-ins, on the small stack of {@link
 * SmallProgram}: one plan with a change of each kind, and then something else than was planned.
 * What the engine lets pass is refused by what {@code tools/stack} compares before it.
 */
class ApprovedPlanIT {
  private static final Path ROOT = Path.of("").toAbsolutePath();
  private static final String STACK = "small";
  private static final String PLANNED_SECRET = "plain-text-that-was-planned";
  private static final String OTHER_SECRET = "plain-text-that-nobody-approved";

  private static final Map<String, String> BEFORE =
      Map.of(
          "namespace", "one",
          "ask", "one",
          "rotate", "one",
          "functions", "image=img:1=1 removed=img:1=1 kept=img:1=1 scaled=img:1=1");
  private static final Map<String, String> PLANNED =
      Map.of(
          "namespace", "two",
          "ask", "two",
          "rotate", "one",
          "functions", "image=img:2=1 kept=img:1=1 scaled=img:1=2 added=img:1=1");

  private static Path project;

  /** Beside the project: what is in it counts as part of it. */
  private static Path outside;

  private static String salt;
  private static String login;
  private static String firstConfig;
  private static String plannedConfig;

  @TempDir private Path scratch;

  record Result(int exitCode, String output) {}

  @BeforeAll
  static void planAChangeOfEachKind() throws Exception {
    project = Files.createTempDirectory("nordfaas-approved-");
    for (var name : List.of("tools", "target")) {
      Files.createSymbolicLink(project.resolve(name), ROOT.resolve(name));
    }
    write(
        "Pulumi.yaml",
        "name: nordfaas\nruntime:\n  name: java\n  options:\n    binary: program.jar\n");
    write("code.txt", "first");
    outside = Files.createTempDirectory("nordfaas-outside-");
    Files.writeString(outside.resolve("world.txt"), "planned");
    Files.createDirectories(project.resolve("state"));
    packProgram();
    assertDone(pulumi("stack", "init", STACK));
    salt = Files.readString(config());

    setConfig(BEFORE, "plain-text-of-the-first-time");
    assertDone(stack("preview", "--for-approval=" + project.resolve("first")));
    assertDone(stack("up", "--approved=" + project.resolve("first")));
    login = Files.readString(renderedLogin());
    firstConfig = Files.readString(config());
    setConfig(PLANNED, PLANNED_SECRET);
    plannedConfig = Files.readString(config());
    var saved = stack("preview", "--for-approval=" + plan());
    assertDone(saved);
    System.out.println(saved.output());
  }

  @AfterAll
  static void removeProject() throws IOException {
    Folders.delete(project);
    Folders.delete(outside);
  }

  @AfterEach
  void restoreWhatWasPlanned() throws IOException {
    Files.writeString(config(), plannedConfig);
    write("code.txt", "first");
    Files.writeString(outside.resolve("world.txt"), "planned");
    packProgram();
  }

  @Test
  void saysHowManyValuesWereUnknown() throws IOException {
    assertThat(Files.readString(plan().resolve("manifest.json")))
        .contains("\"unknown\" : 1,", "\"secret\" : 1\n");
    assertThat(Files.readString(project.resolve("first/manifest.json")))
        .contains("\"unknown\" : 2,", "\"secret\" : 0\n");
  }

  @Test
  void holdsNoSecret() throws IOException {
    var artifact =
        Files.readString(plan().resolve("plan.json"))
            + Files.readString(plan().resolve("manifest.json"))
            + Files.readString(plan().resolve("preview.json"));

    assertThat(artifact)
        .contains("ciphertext")
        .doesNotContain(PLANNED_SECRET, base64(PLANNED_SECRET));
    assertThat(login.lines().filter(line -> line.matches(" +(key|password): .+")))
        .hasSize(2)
        .allSatisfy(line -> assertThat(artifact).doesNotContain(line.replaceFirst(".*: ", "")));
  }

  /** All kinds of change at once, with a value that was unknown and is another one by now. */
  @Test
  void whatWasPlannedIsDone() throws Exception {
    Files.writeString(outside.resolve("world.txt"), "another answer than there was");

    var result = stack(copyOfState(), "up", "--approved=" + plan());

    assertDone(result);
    assertThat(result.output())
        .contains("stack: applying the approved plan of small at ")
        .contains(
            "    + 1 created\n", "    ~ 3 updated\n", "    - 1 deleted\n", "    +-3 replaced\n")
        .contains("\"another answer than there was\"")
        .doesNotContain(PLANNED_SECRET, base64(PLANNED_SECRET));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "a function more, functions, added=img:1=1, added=img:1=1 more=img:1=1, create is not allowed by the plan",
    "a function less, functions, kept=img:1=1, '', is not allowed by the plan",
    "a function that was to go, functions, kept=img:1=1, kept=img:1=1 removed=img:1=1, resource unexpectedly not deleted",
    "another image, functions, image=img:2=1, image=img:3=1, violates plan: properties changed: ~~spec",
    "another property, functions, scaled=img:1=2, scaled=img:1=3, violates plan: properties changed: ~~spec",
    "a replacement more, rotate, one, two, violates plan: properties changed: ",
    "another replacement, ask, two, three, violates plan: properties changed: ",
    "another input of the provider, namespace, two, three, violates plan: properties changed: ~~namespace"
  })
  void theEngineRefusesAnotherConfigBeforeItChangesAnything(
      String kind, String key, String from, String to, String message) throws Exception {
    var before = Files.readString(stateFile());
    var changed = new HashMap<>(PLANNED);
    changed.compute(
        key, (any, value) -> value.replace(from, to == null ? "" : to).strip().replace("  ", " "));
    setConfigButTheSecret(changed);

    var refused = applyWithoutComparing();

    assertThat(refused.exitCode()).as(refused.output()).isNotZero();
    assertThat(refused.output()).contains(message);
    assertThat(Files.readString(stateFile())).isEqualTo(before);
  }

  @Test
  void theEngineRefusesAnotherProgramBeforeItChangesAnything() throws Exception {
    var before = Files.readString(stateFile());
    write("code.txt", "second");

    var refused = applyWithoutComparing();

    assertThat(refused.exitCode()).as(refused.output()).isNotZero();
    assertThat(refused.output()).contains("violates plan: properties changed: ");
    assertThat(Files.readString(stateFile())).isEqualTo(before);
  }

  /** The engine prints both values of what differs. */
  @Test
  void anotherSecretIsRefusedWithoutBeingShown() throws Exception {
    var before = Files.readString(stateFile());
    Files.writeString(scratch.resolve("key"), OTHER_SECRET);

    var refused =
        run(
            Map.of("NORDFAAS_SECRETS", scratch.toString()),
            List.of("tools/stack", "up", STACK, "--approved=" + plan()));

    assertThat(refused.exitCode()).as(refused.output()).isNotZero();
    assertThat(refused.output())
        .contains("::login violates plan: properties changed: ")
        .doesNotContain(PLANNED_SECRET, base64(PLANNED_SECRET))
        .doesNotContain(OTHER_SECRET, base64(OTHER_SECRET));
    assertThat(Files.readString(stateFile())).isEqualTo(before);
  }

  /** It compares with what is to be, not with what was: so somebody else's change is undone. */
  @Test
  void theEngineAppliesAPlanToAnotherState() throws Exception {
    var moved = stateThatHasMovedOn();
    Files.writeString(outside.resolve("world.txt"), "another answer than there was");

    assertDone(run(moved, commandWithoutComparing()));
  }

  /** The engine does everything else, and then reports that as an error. */
  @Test
  void whatWasUnknownAndIsAsBeforeIsNoFailure() throws Exception {
    var result = stack(copyOfState(), "up", "--approved=" + plan());

    assertDone(result);
    assertThat(result.output())
        .contains("    +-2 replaced\n")
        .contains("stack: did not have to be changed after all: urn:pulumi:small::")
        .contains("ConfigMap::answer\n");
  }

  @Test
  void aStateThatHasMovedOnIsRefused() throws Exception {
    var moved = stateThatHasMovedOn();

    var refused = stack(moved, "up", "--approved=" + plan());

    assertThat(refused.exitCode()).isNotZero();
    assertThat(refused.output())
        .contains(
            "approved plan: error: the approved plan of small no longer holds\n  state: changed since: ")
        .contains("::image")
        .contains("  fix:  run the preview again, have it approved, and apply that one");
  }

  @Test
  void anotherConfigIsRefusedWhateverItChanges() throws Exception {
    Files.writeString(config(), plannedConfig + "# a comment\n");

    assertRefused("config: the stack's config has changed since");
  }

  @Test
  void anotherProgramIsRefusedWhateverItChanges() throws Exception {
    packProgram("notes.txt");

    assertRefused("program: it has changed since");
  }

  @Test
  void flagsThatSayWhatIsDoneAreRefused() throws Exception {
    var refused = stack("up", "--approved=" + plan(), "--target=**image");

    assertThat(refused.exitCode()).isNotZero();
    assertThat(refused.output())
        .contains("stack: error: --target=**image does not go with --approved\n");
  }

  private void assertRefused(String difference) throws Exception {
    var before = Files.readString(stateFile());

    var refused = stack("up", "--approved=" + plan());

    assertThat(refused.exitCode()).isNotZero();
    assertThat(refused.output()).contains("no longer holds\n  " + difference + "\n  fix:  ");
    assertThat(Files.readString(stateFile())).isEqualTo(before);
  }

  /** The state after somebody has set another image, and the environment to use it. */
  private Map<String, String> stateThatHasMovedOn() throws Exception {
    var state = copyOfState();
    Files.writeString(config(), firstConfig.replace("image=img:1", "image=img:9"));
    assertDone(
        run(
            state,
            List.of("tools/stack", "up", STACK, "--yes", "--skip-preview", "--non-interactive")));
    Files.writeString(config(), plannedConfig);
    return state;
  }

  private Map<String, String> copyOfState() throws IOException {
    var copy = scratch.resolve("state");
    try (var files = Files.walk(project.resolve("state"))) {
      for (var file : files.toList()) {
        Files.copy(file, copy.resolve(project.resolve("state").relativize(file)));
      }
    }
    return Map.of("PULUMI_BACKEND_URL", "file://" + copy);
  }

  private static Result applyWithoutComparing() throws Exception {
    return run(Map.of(), commandWithoutComparing());
  }

  private static List<String> commandWithoutComparing() {
    return List.of(
        "pulumi",
        "up",
        "--stack",
        STACK,
        "--yes",
        "--non-interactive",
        "--color",
        "never",
        "--plan",
        plan().resolve("plan.json").toString());
  }

  private static void setConfig(Map<String, String> values, String secret) throws Exception {
    writeConfig(values, "");
    assertDone(
        run(
            Map.of(),
            List.of("pulumi", "config", "set", "--stack", STACK, "--secret", "key", secret)));
  }

  /** As planned, but for these values: the same ciphertext. */
  private static void setConfigButTheSecret(Map<String, String> values) throws IOException {
    var lines = plannedConfig.lines().toList();
    int key = lines.indexOf("  nordfaas:key:");
    assertThat(key).isNotNegative();
    writeConfig(values, String.join("\n", lines.subList(key, key + 2)) + "\n");
  }

  private static void writeConfig(Map<String, String> values, String more) throws IOException {
    var text = new StringBuilder(salt).append("config:\n");
    text.append("  nordfaas:folder: ").append(outside.resolve("yaml")).append('\n');
    text.append("  nordfaas:world: ").append(outside.resolve("world.txt")).append('\n');
    values.forEach((key, value) -> text.append("  nordfaas:%s: %s\n".formatted(key, value)));
    Files.writeString(config(), text.append(more).toString());
  }

  private static Path renderedLogin() throws IOException {
    try (var files = Files.walk(outside.resolve("yaml"))) {
      return files.filter(file -> file.toString().endsWith("login.yaml")).findFirst().orElseThrow();
    }
  }

  private static void packProgram(String... more) throws IOException {
    var manifest = new Manifest();
    var attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.put(Attributes.Name.MAIN_CLASS, SmallProgram.class.getName());
    attributes.put(
        Attributes.Name.CLASS_PATH, ROOT.resolve("target/nordfaas.jar").toUri().toString());
    var name = SmallProgram.class.getName().replace('.', '/') + ".class";
    try (var jar =
            new JarOutputStream(Files.newOutputStream(project.resolve("program.jar")), manifest);
        var code = SmallProgram.class.getClassLoader().getResourceAsStream(name)) {
      jar.putNextEntry(new JarEntry(name));
      code.transferTo(jar);
      for (var file : more) {
        jar.putNextEntry(new JarEntry(file));
      }
    }
  }

  private static void write(String name, String text) throws IOException {
    Files.writeString(project.resolve(name), text);
  }

  private static Path plan() {
    return project.resolve("plan");
  }

  private static Path config() {
    return project.resolve("Pulumi." + STACK + ".yaml");
  }

  private static Path stateFile() {
    return project.resolve("state/.pulumi/stacks/nordfaas/" + STACK + ".json");
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }

  private static void assertDone(Result result) {
    assertThat(result.exitCode()).as(result.output()).isZero();
  }

  private static Result pulumi(String... command) throws Exception {
    return run(Map.of(), Stream.concat(Stream.of("pulumi"), Stream.of(command)).toList());
  }

  private static Result stack(String command, String... flags) throws Exception {
    return stack(Map.of(), command, flags);
  }

  private static Result stack(Map<String, String> more, String command, String... flags)
      throws Exception {
    return run(
        more, Stream.concat(Stream.of("tools/stack", command, STACK), Stream.of(flags)).toList());
  }

  private static Result run(Map<String, String> more, List<String> command) throws Exception {
    var builder = new ProcessBuilder(command).directory(project.toFile()).redirectErrorStream(true);
    builder
        .environment()
        .putAll(
            Map.of(
                "PULUMI_BACKEND_URL",
                "file://" + project.resolve("state"),
                "PULUMI_CONFIG_PASSPHRASE",
                "engine-test",
                "NORDFAAS_LOCAL",
                project.resolve("local").toString(),
                "JDK_JAVA_OPTIONS",
                "-XX:TieredStopAtLevel=1 -Xlog:disable"));
    builder.environment().putAll(more);
    var process = builder.start();
    process.getOutputStream().close();
    var output = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Result(process.waitFor(), output);
  }
}
