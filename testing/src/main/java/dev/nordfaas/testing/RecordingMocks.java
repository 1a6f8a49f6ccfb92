package dev.nordfaas.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.pulumi.test.Mocks;
import dev.nordfaas.render.Properties;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Answers every registration with its inputs as state, and remembers it. */
public final class RecordingMocks implements Mocks {
  /**
   * What a registration was made of.
   *
   * @param type its token, such as {@code kubernetes:apps/v1:Deployment}
   * @param name its name in the program
   * @param inputs what the program has set, with sorted keys
   * @param provider the explicit provider; empty if it has none
   */
  public record Registered(String type, String name, Map<String, Object> inputs, String provider) {
    /**
     * A value of the inputs.
     *
     * @param path such as {@code spec.template.spec.containers.0.image}
     * @return the value; empty if there is none
     */
    public Optional<Object> at(String path) {
      Optional<Object> value = Optional.of(inputs);
      for (var step : path.split("\\.")) {
        value = value.flatMap(it -> Optional.ofNullable(child(it, step)));
      }
      return value;
    }

    private static @Nullable Object child(Object value, String step) {
      if (value instanceof List<?> list) {
        var index = Integer.parseInt(step);
        return index < list.size() ? list.get(index) : null;
      }
      return value instanceof Map<?, ?> map ? map.get(step) : null;
    }
  }

  /**
   * What the command that reads the kubeconfig prints; an origin what it is given, every other one
   * its name.
   */
  public static final String KUBECONFIG =
      """
      apiVersion: v1
      kind: Config
      clusters:
        - name: default
          cluster: {server: "https://127.0.0.1:6443"}
      contexts:
        - name: default
          context: {cluster: default, user: default}
      current-context: default
      """;

  private final ConcurrentLinkedQueue<Registered> registered = new ConcurrentLinkedQueue<>();
  private final Map<String, String> stdouts = new HashMap<>();
  private final boolean commandsHaveRun;

  /** Mocks of an update: every command has run and printed something. */
  public RecordingMocks() {
    this(true);
  }

  private RecordingMocks(boolean commandsHaveRun) {
    this.commandsHaveRun = commandsHaveRun;
  }

  /**
   * Mocks of a first preview, where no command has run: what it prints is unknown.
   *
   * @return mocks for {@code PulumiTest.withMocks}
   */
  public static RecordingMocks ofFirstPreview() {
    return new RecordingMocks(false);
  }

  @Override
  public CompletableFuture<ResourceResult> newResourceAsync(ResourceArgs args) {
    registered.add(
        new Registered(
            args.type,
            args.name,
            Properties.integral(args.inputs),
            Optional.ofNullable(args.provider).orElse("")));
    var state = new HashMap<>(args.inputs);
    if (commandsHaveRun && args.type.startsWith("command:")) {
      state.put("stdout", stdout(args));
      state.put("stderr", "");
    }
    if ("kubernetes.io/service-account-token".equals(args.inputs.get("type"))) {
      // Kubernetes makes it once the Secret is there.
      var token = "token-of-" + args.name;
      state.put("data", Map.of("token", Base64.getEncoder().encodeToString(token.getBytes(UTF_8))));
    }
    return CompletableFuture.completedFuture(
        ResourceResult.of(Optional.of(args.name + "_id"), state));
  }

  /**
   * What a command prints.
   *
   * @param name the command's name in the program
   * @param stdout its output
   */
  public void answer(String name, String stdout) {
    stdouts.put(name, stdout);
  }

  /**
   * The command has printed this in an earlier run.
   *
   * @param name the command's name in the program
   * @param stdout its output
   * @return these mocks
   */
  public RecordingMocks withStdout(String name, String stdout) {
    answer(name, stdout);
    return this;
  }

  private String stdout(ResourceArgs args) {
    if (stdouts.containsKey(args.name)) {
      return stdouts.get(args.name);
    }
    return args.inputs.get("environment") instanceof Map<?, ?> environment
            && environment.get("ORIGIN") instanceof String origin
        ? origin
        : stdout(args.name);
  }

  /**
   * What the command of that name prints, unless it keeps an origin.
   *
   * @param name the logical name of the command
   * @return the text on its standard output
   */
  public static String stdout(String name) {
    return name.endsWith("-kubeconfig") ? KUBECONFIG : "stdout-of-" + name;
  }

  /**
   * All registrations.
   *
   * @return each once, sorted by type and name
   */
  public List<Registered> all() {
    return registered.stream()
        .sorted(Comparator.comparing(Registered::type).thenComparing(Registered::name))
        .toList();
  }

  /**
   * All registrations of one type.
   *
   * @param type its token, such as {@code kubernetes:core/v1:ConfigMap}
   * @return each once, sorted by name
   */
  public List<Registered> ofType(String type) {
    return all().stream().filter(resource -> resource.type().equals(type)).toList();
  }

  /**
   * The one registration of a type and name.
   *
   * @param type its token, such as {@code kubernetes:core/v1:ConfigMap}
   * @param name its name in the program
   * @return the registration
   * @throws AssertionError if there is none; it says what there is instead
   */
  public Registered one(String type, String name) {
    return ofType(type).stream()
        .filter(resource -> resource.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new AssertionError(
                    "no %s named %s; there are %s"
                        .formatted(
                            type, name, ofType(type).stream().map(Registered::name).toList())));
  }

  /**
   * The Kubernetes objects, custom resources included.
   *
   * @return each once, sorted by type and name
   */
  public List<Registered> kubernetesObjects() {
    return applied().filter(resource -> !isPatch(resource)).toList();
  }

  /**
   * What is changed in Kubernetes objects that somebody else creates: only those fields.
   *
   * @return each once, sorted by type and name
   */
  public List<Registered> patches() {
    return applied().filter(RecordingMocks::isPatch).toList();
  }

  private Stream<Registered> applied() {
    return all().stream()
        .filter(resource -> resource.type().startsWith("kubernetes:"))
        .filter(resource -> resource.inputs().containsKey("kind"));
  }

  private static boolean isPatch(Registered resource) {
    return resource.type().endsWith("Patch");
  }
}
