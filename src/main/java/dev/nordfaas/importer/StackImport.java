package dev.nordfaas.importer;

import dev.nordfaas.config.check.ConfigLoader;
import dev.nordfaas.config.check.ConfigSource;
import dev.nordfaas.config.check.InvalidStackConfigException;
import dev.nordfaas.config.check.Problems.Problem;
import dev.nordfaas.config.check.Suggestion;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.importer.Messages.Fate;
import dev.nordfaas.importer.Messages.Place;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Converts a whole file: what belongs to no function, then each function, then the check. */
final class StackImport {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final String FUNCTIONS = "functions";
  private static final String SECRETS = "secrets";
  private static final String HTTP = "http";
  private static final List<String> KEYS =
      List.of("version", "provider", FUNCTIONS, "configuration");
  private static final String HOW_IT_IS_BUILT =
      "it says how images are built, which happens before";
  private static final String BUILD = "build them as until now, or with tools/function";

  /** The name that older files have. */
  private static final Set<String> PROVIDERS = Set.of("openfaas", "faas");

  private final Path folder;
  private final Place file;
  private final Messages messages;

  /** The keys of the result that the config refuses. */
  private final Set<KeyPath> leftOut = new HashSet<>();

  /** Where each key of the result comes from. */
  private final Map<KeyPath, Place> origins = new HashMap<>();

  private StackImport(Path path, Messages messages) {
    this.folder = Optional.ofNullable(path.toAbsolutePath().getParent()).orElse(path);
    this.file = new Place(String.valueOf(path.getFileName()), 0, KeyPath.of());
    this.messages = messages;
  }

  /** The section of the stack config; empty if there are problems. */
  static Optional<String> read(Path path, Map<String, String> variables, Messages messages) {
    var name = String.valueOf(path.getFileName());
    var functions =
        YamlFile.read(path, name, variables, messages)
            .map(value -> new StackImport(path, messages).convert(value));
    return functions
        .filter(it -> messages.problems().isEmpty())
        .map(it -> FunctionsText.of(it, name));
  }

  private ObjectNode convert(Value root) {
    var functions = NODES.objectNode();
    if (!(root instanceof Value.Mapping stack)) {
      messages.problem(file, "is %s, not a map".formatted(root.kind()), "name a stack.yml");
      return functions;
    }
    stack
        .entries()
        .forEach(
            (key, value) -> {
              var place = file.key(key, value.line());
              switch (key) {
                case "version" -> version(value, place);
                case "provider" -> provider(value, place);
                case "configuration" -> configuration(value, place);
                case FUNCTIONS -> {
                  // After the others, whatever the order.
                }
                default -> unknown(key, KEYS, value, place, messages);
              }
            });
    if (stack.entries().get(FUNCTIONS) instanceof Value.Mapping given
        && !given.entries().isEmpty()) {
      functions(given, functions);
    } else {
      messages.problem(
          new Place(file.file(), 0, KeyPath.of(FUNCTIONS)),
          "there are none",
          "name a stack.yml with functions, each with its keys below its name");
    }
    return functions;
  }

  private void version(Value value, Place place) {
    if (value instanceof Value.Scalar scalar && (scalar.isNull() || scalar.text().equals("1.0"))) {
      leftOut(place, "it is the version of the format of stack.yml", "");
    } else {
      messages.problem(
          place, "is %s, but faas-cli knows only 1.0".formatted(value.kind()), "write 1.0");
    }
  }

  private void provider(Value value, Place place) {
    if (!(value instanceof Value.Mapping provider)) {
      messages.problem(
          place, "is %s, not a map".formatted(value.kind()), "write name: openfaas below it");
      return;
    }
    provider
        .entries()
        .forEach(
            (key, it) -> {
              var at = place.key(key, it.line());
              if (key.equals("gateway")) {
                leftOut(
                    at,
                    "the edge serves the functions",
                    "clients call https://DOMAIN, datacenter.domain");
              } else if (!key.equals("name")) {
                unknown(key, List.of("name", "gateway"), it, at, messages);
              } else if (it instanceof Value.Scalar name && PROVIDERS.contains(name.text())) {
                leftOut(at, "the provider is always OpenFaaS", "");
              } else {
                messages.problem(
                    at,
                    "is %s, so this is no file of OpenFaaS".formatted(it.kind()),
                    "write openfaas");
              }
            });
  }

  private void configuration(Value value, Place place) {
    if (value instanceof Value.Mapping configuration) {
      configuration
          .entries()
          .forEach(
              (key, it) ->
                  leftOut(
                      place.key(key, it.line()), "%s%s".formatted(HOW_IT_IS_BUILT, of(it)), BUILD));
    } else {
      leftOut(place, HOW_IT_IS_BUILT, BUILD);
    }
  }

  static String of(Value value) {
    var outline = Value.outline(value);
    return outline.isEmpty() ? "" : " (" + outline + ")";
  }

  static void unknown(String key, List<String> known, Value value, Place place, Messages messages) {
    messages.note(
        place,
        Fate.LEFT_OUT,
        "faas-cli has no such key%s".formatted(of(value)),
        Suggestion.nearest(key, known)
            .map(word -> "if you mean %s, rename it".formatted(word))
            .orElse(""));
  }

  private void leftOut(Place place, String reason, String fix) {
    messages.note(place, Fate.LEFT_OUT, reason, fix);
  }

  private void functions(Value.Mapping given, ObjectNode functions) {
    var place = file.key(FUNCTIONS, given.line());
    var differences = new LinkedHashMap<FunctionImport.Difference, List<String>>();
    given
        .entries()
        .forEach(
            (name, value) -> {
              var at = place.key(name, value.line());
              if (value instanceof Value.Mapping function) {
                var converted = new FunctionImport(name, function, at, folder, origins, messages);
                functions.set(name, converted.convert());
                converted
                    .differences()
                    .forEach(
                        it -> differences.computeIfAbsent(it, key -> new ArrayList<>()).add(name));
              } else {
                messages.problem(
                    at,
                    "is %s, not a function".formatted(value.kind()),
                    "write its keys below its name");
              }
              origins.put(at.path(), at);
            });
    if (messages.problems().isEmpty()) {
      check(functions);
      removeEmpty(functions);
      sayWhichSecretsAreMissing(functions);
      differences.forEach(
          (difference, names) ->
              messages.note(
                  new Place(place.file(), place.line(), place.path()),
                  Fate.CHANGED,
                  String.join(", ", names) + ": " + difference.reason(),
                  difference.fix()));
    }
  }

  private void sayWhichSecretsAreMissing(ObjectNode functions) {
    functions
        .properties()
        .forEach(
            function ->
                function
                    .getValue()
                    .path(SECRETS)
                    .propertyNames()
                    .forEach(
                        secret -> {
                          var path = KeyPath.of(FUNCTIONS, function.getKey(), SECRETS, secret);
                          messages.note(
                              origin(path),
                              Fate.TO_DO,
                              "%s has no value yet, so the preview refuses it".formatted(secret),
                              FunctionsText.setSecret(path));
                        }));
  }

  /** What the stack config refuses is left out, with the reason that the preview would give. */
  private void check(ObjectNode functions) {
    secretNames(functions).forEach(problem -> leaveOut(functions, problem));
    var again = true;
    while (again) {
      again = false;
      for (var problem : problems(withoutSecrets(functions), Set.of())) {
        again |= !isImage(problem.path()) && leaveOut(functions, problem);
      }
    }
  }

  /** What is left of a map whose entries were all left out. */
  private static void removeEmpty(ObjectNode functions) {
    for (var function : functions) {
      var keys = List.copyOf(function.propertyNames());
      keys.stream()
          .filter(
              key ->
                  !key.equals(HTTP) && function.get(key) instanceof ObjectNode map && map.isEmpty())
          .forEach(((ObjectNode) function)::remove);
    }
  }

  private boolean leaveOut(ObjectNode functions, Problem problem) {
    var path = problem.path();
    if (leftOut.contains(path)) {
      return false;
    }
    var place = origin(path);
    if (path.segments().size() <= 2) {
      messages.problem(place, problem.reason(), problem.fix());
      return false;
    }
    JsonNode parent = functions;
    for (var segment : path.segments().subList(1, path.segments().size() - 1)) {
      parent = parent.path(segment.toString());
    }
    var last = path.segments().get(path.segments().size() - 1).toString();
    if (!(parent instanceof ObjectNode object) || object.remove(last) == null) {
      messages.problem(place, problem.reason(), problem.fix());
      return false;
    }
    leftOut.add(path);
    leftOut(place, problem.reason(), problem.fix());
    return true;
  }

  /** The place of the key, or of the nearest one above it. */
  private Place origin(KeyPath path) {
    var above = path;
    while (!origins.containsKey(above) && above.segments().size() > 1) {
      above = new KeyPath(above.segments().subList(0, above.segments().size() - 1));
    }
    return origins.getOrDefault(above, file);
  }

  /** An image without a fixed tag stays: the preview refuses it until it has one. */
  private static boolean isImage(KeyPath path) {
    return path.segments().size() == 3 && path.segments().get(2).equals("image");
  }

  private static List<Problem> secretNames(ObjectNode functions) {
    var encrypted = NODES.objectNode();
    functions
        .properties()
        .forEach(
            function -> {
              var secrets = NODES.objectNode();
              function
                  .getValue()
                  .path(SECRETS)
                  .propertyNames()
                  .forEach(name -> secrets.put(name, "x"));
              encrypted.putObject(function.getKey()).set(SECRETS, secrets);
            });
    return problems(encrypted, Set.of(FUNCTIONS)).stream()
        .filter(problem -> problem.path().segments().contains(SECRETS))
        .toList();
  }

  private static ObjectNode withoutSecrets(ObjectNode functions) {
    var plain = functions.deepCopy();
    plain.forEach(function -> ((ObjectNode) function).remove(SECRETS));
    return plain;
  }

  private static List<Problem> problems(ObjectNode functions, Set<String> encrypted) {
    try {
      ConfigLoader.load(
          new ConfigSource("import", Map.of(FUNCTIONS, functions.toString()), encrypted));
      return List.of();
    } catch (InvalidStackConfigException e) {
      return e.problems().stream()
          .filter(
              it ->
                  it.path().segments().size() > 1 && it.path().segments().get(0).equals(FUNCTIONS))
          .toList();
    }
  }
}
