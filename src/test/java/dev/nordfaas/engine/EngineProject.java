package dev.nordfaas.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.pulumi.automation.AutomationException;
import com.pulumi.automation.ConfigValue;
import com.pulumi.automation.LocalWorkspace;
import com.pulumi.automation.LocalWorkspaceOptions;
import com.pulumi.automation.OperationType;
import com.pulumi.automation.PreviewOptions;
import com.pulumi.automation.StackDeployment;
import com.pulumi.automation.UpOptions;
import com.pulumi.automation.WorkspaceStack;
import com.pulumi.automation.events.EngineEvent;
import com.pulumi.automation.events.StepEventMetadata;
import dev.nordfaas.testing.Fixtures;
import dev.nordfaas.testing.Folders;
import dev.nordfaas.testing.LiveStacks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A copy of the project with one stack, a state of its own, and the real Pulumi CLI from the PATH.
 */
public final class EngineProject implements AutoCloseable {
  private static final Path ROOT = Path.of("").toAbsolutePath();

  /** A secret of the stack's config that is still to be set. */
  static final String PLACEHOLDER = "{secure: placeholder}";

  private static final Pattern PLACES = Pattern.compile(Pattern.quote(PLACEHOLDER));
  private static final String ANY_SECRET = "nordfaas:placeholder";
  private static final String MADE_UP = "made-up-for-this-preview-and-as-long-as-a-secret:";
  private static final Pattern SECRET = Pattern.compile(" +secure: *'?(v1:[^']+)'?");

  private final Path folder;
  private final String stackName;
  private final Map<String, String> environment;
  private final Map<String, String> forPulumi;
  private final WorkspaceStack stack;
  private final String salt;

  /** What stands in the places of secrets that are still to be set, once some were. */
  private List<String> madeUp = List.of();

  private EngineProject(Path folder, String stackName, Map<String, String> environment)
      throws IOException, AutomationException {
    this.folder = folder;
    this.stackName = stackName;
    this.environment = environment;
    this.forPulumi = new HashMap<>(environment);
    this.forPulumi.put("JDK_JAVA_OPTIONS", ProgramJvm.options());
    this.stack =
        LocalWorkspace.createOrSelectStack(
            stackName,
            folder,
            LocalWorkspaceOptions.builder().environmentVariables(forPulumi).build());
    try (var lines = Files.lines(configFile())) {
      this.salt =
          lines.filter(line -> line.startsWith("encryptionsalt:")).findFirst().orElseThrow();
    }
  }

  /** A project with a stack of the tests. */
  static EngineProject ofFixture(String stackName) throws IOException, AutomationException {
    return of(stackName, Fixtures.text(stackName));
  }

  /**
   * A project with the stack of that name beside {@code Pulumi.yaml}, in a state of its own; what
   * is encrypted in it cannot be read here, except for placeholders.
   */
  static EngineProject ofLive(String stackName) throws IOException, AutomationException {
    try (var lines = Files.lines(LiveStacks.file(stackName))) {
      return of(
          stackName,
          lines
              .filter(line -> !line.matches("(encryptionsalt|secretsprovider|encryptedkey):.*"))
              .collect(Collectors.joining("\n", "", "\n")));
    }
  }

  /** A project whose stack has the given config, as a {@code Pulumi.<stack>.yaml}. */
  static EngineProject of(String stackName, String config) throws IOException, AutomationException {
    var folder = Files.createTempDirectory("nordfaas-engine-");
    var state = Files.createDirectory(folder.resolve("state"));
    var project =
        of(
            folder,
            stackName,
            config,
            Map.of(
                "PULUMI_BACKEND_URL",
                "file://" + state,
                "PULUMI_CONFIG_PASSPHRASE",
                "engine-test"));
    project.encryptPlaceholders();
    return project;
  }

  /** As tools/stack does for a preview: other values for the secrets that are still to be set. */
  private void encryptPlaceholders() throws IOException, AutomationException {
    var config = Files.readString(configFile());
    var missing = Math.toIntExact(PLACES.matcher(config).results().count());
    if (missing == 0) {
      return;
    }
    stack.setAllConfig(
        IntStream.range(0, missing)
            .boxed()
            .collect(
                Collectors.toMap(
                    number -> ANY_SECRET + number,
                    number -> new ConfigValue(MADE_UP + number, true))));
    try (var lines = Files.lines(configFile())) {
      madeUp =
          lines
              .map(SECRET::matcher)
              .filter(Matcher::matches)
              .map(line -> "{secure: '%s'}".formatted(line.group(1)))
              .toList();
    }
    assertThat(madeUp).hasSize(missing);
    Files.writeString(configFile(), withMadeUp(config));
  }

  private String withMadeUp(String config) {
    var left = madeUp.iterator();
    return PLACES
        .matcher(config)
        .replaceAll(
            place -> Matcher.quoteReplacement(left.hasNext() ? left.next() : place.group()));
  }

  /**
   * A project of a stack that exists already.
   *
   * @param environment where its state is, and with what its secrets can be read
   */
  public static EngineProject ofExisting(
      String stackName, String config, Map<String, String> environment)
      throws IOException, AutomationException {
    return of(Files.createTempDirectory("nordfaas-engine-"), stackName, config, environment);
  }

  private static EngineProject of(
      Path folder, String stackName, String config, Map<String, String> environment)
      throws IOException, AutomationException {
    assertThat(System.getenv("PULUMI_HOME"))
        .as("PULUMI_HOME; the engine tests need the tools: run `make test`")
        .isNotNull();
    for (var name : List.of("functions", "target")) {
      Files.createSymbolicLink(folder.resolve(name), ROOT.resolve(name));
    }
    Files.copy(ROOT.resolve("Pulumi.yaml"), folder.resolve("Pulumi.yaml"));
    Files.writeString(folder.resolve("Pulumi." + stackName + ".yaml"), config);
    return new EngineProject(folder, stackName, environment);
  }

  /** Where its state is, and with what its secrets can be read. */
  Map<String, String> environment() {
    return environment;
  }

  public WorkspaceStack stack() {
    return stack;
  }

  /** Sets one key of the stack's config, whose path is {@code key}, to a plain value. */
  public void set(String key, String value) throws AutomationException {
    stack.setConfig("nordfaas:" + key, new ConfigValue(value), true);
  }

  /** Replaces the stack's config; keeps the salt of its secrets. */
  public void setConfig(String config) throws IOException {
    Files.writeString(configFile(), withMadeUp(config).stripTrailing() + "\n" + salt + "\n");
  }

  /** The config with one replacement, which has to be possible exactly once. */
  public void editConfig(String from, String to) throws IOException {
    var config = Files.readString(configFile());
    assertThat(config.split(Pattern.quote(from), -1)).hasSize(2);
    Files.writeString(configFile(), config.replace(from, to));
  }

  /** Changes the text of the config. */
  public void editConfig(UnaryOperator<String> change) throws IOException {
    Files.writeString(configFile(), change.apply(Files.readString(configFile())));
  }

  /** The config without one of its nodes. */
  public void removeNode(String name) throws IOException {
    var config = Files.readString(configFile());
    var without = config.replaceFirst("(?m)^    %s:\\n(      .*\\n)+".formatted(name), "");
    assertThat(without).isNotEqualTo(config);
    Files.writeString(configFile(), without);
  }

  /** What the engine would do to each resource, in the order in which it says so. */
  public List<StepEventMetadata> preview(String... targets) throws AutomationException {
    var events = new ConcurrentLinkedQueue<EngineEvent>();
    stack.preview(PreviewOptions.builder().targets(List.of(targets)).onEvent(events::add).build());
    return steps(events);
  }

  /** Does it, and says what was done. */
  public List<StepEventMetadata> up(String... targets) throws AutomationException {
    return up(new StringBuilder(), targets);
  }

  /** As {@link #up(String...)}; what the CLI prints is appended to {@code output}. */
  public List<StepEventMetadata> up(StringBuilder output, String... targets)
      throws AutomationException {
    var events = new ConcurrentLinkedQueue<EngineEvent>();
    var result =
        stack.up(UpOptions.builder().targets(List.of(targets)).onEvent(events::add).build());
    output.append(result.standardOutput()).append(result.standardError());
    return steps(events);
  }

  /** Asks the host of that name what has been changed on it, as {@code --refresh} does. */
  void readDrift(String host) throws AutomationException {
    var drift =
        "urn:pulumi:%s::nordfaas::nordfaas:index:TunedHost$command:remote:Command::%s-drift"
            .formatted(stackName, host);
    stack.up(UpOptions.builder().targets(List.of(drift)).replaces(List.of(drift)).build());
  }

  /** Makes the deployment its state, as {@code pulumi stack import} does. */
  void importState(String deployment) throws AutomationException {
    stack.importStack(StackDeployment.fromJson(deployment));
  }

  /** The state as it is stored. */
  String state() throws IOException {
    return Files.readString(
        folder.resolve("state/.pulumi/stacks/nordfaas").resolve(stackName + ".json"));
  }

  /** The steps that change something. */
  public static List<StepEventMetadata> changes(List<StepEventMetadata> steps) {
    return steps.stream().filter(step -> step.op() != OperationType.SAME).toList();
  }

  /** Everything that {@code pulumi preview} prints with the given flags, and its exit code. */
  CliResult cli(String... flags) throws IOException, InterruptedException {
    var command =
        Stream.concat(
                Stream.of("pulumi", "preview", "--non-interactive", "--stack", stackName),
                Stream.of(flags))
            .toList();
    var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    builder.environment().putAll(forPulumi);
    var process = builder.start();
    var output = new String(process.getInputStream().readAllBytes());
    return new CliResult(process.waitFor(), output);
  }

  /** What the CLI printed, and how it ended. */
  record CliResult(int exitCode, String output) {}

  private static List<StepEventMetadata> steps(Collection<EngineEvent> events) {
    return events.stream()
        .flatMap(event -> Optional.ofNullable(event.resourcePreEvent()).stream())
        .map(event -> event.metadata())
        .toList();
  }

  /** The stack's config. */
  Path configFile() {
    return folder.resolve("Pulumi." + stackName + ".yaml");
  }

  @Override
  public void close() throws IOException {
    Folders.delete(folder);
  }
}
