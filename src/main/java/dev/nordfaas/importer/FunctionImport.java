package dev.nordfaas.importer;

import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.importer.Messages.Fate;
import dev.nordfaas.importer.Messages.Place;
import dev.nordfaas.manifest.Namespaces;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Converts one function. */
final class FunctionImport {
  static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private static final List<String> BUILD =
      List.of(
          "lang",
          "handler",
          "skip_build",
          "build_options",
          "build_args",
          "build_secrets",
          "platforms");

  private static final List<String> KEYS =
      List.of(
          "lang",
          "handler",
          "skip_build",
          "build_options",
          "build_args",
          "build_secrets",
          "platforms",
          "image",
          "fprocess",
          "environment",
          "environment_file",
          "secrets",
          "constraints",
          "labels",
          "annotations",
          "limits",
          "requests",
          "readonly_root_filesystem",
          "namespace");

  /** The order of the keys in the result. */
  private static final List<String> ORDER =
      List.of(
          "image",
          "readinessPath",
          "metricsPort",
          "scale",
          "resources",
          "nodeSelector",
          "environment",
          "secrets",
          "timeout",
          "http",
          "cron",
          "labels",
          "annotations");

  /** What OpenFaaS' provider asks, and both watchdogs answer: MakeProbes in its pkg/k8s. */
  private static final String HEALTH = "/_/health";

  private final String name;
  private final Value.Mapping given;
  private final Place place;
  private final Path folder;
  private final Map<KeyPath, Place> origins;
  private final Messages messages;
  private final ObjectNode function = NODES.objectNode();
  private final Set<Difference> differences = EnumSet.noneOf(Difference.class);

  /** What is different for a function that says nothing about it. */
  enum Difference {
    OPENED(
        "clients can call them (http: {}), as with OpenFaaS",
        "say in http.auth who may, which production requires; remove http where only a queue or a schedule calls"),
    NOT_OPENED("only their schedules call them", "add http: {} where clients call too"),
    UNLIMITED(
        "without a memory limit, they get the default of functions.<name>.resources",
        "set resources where that is too little"),
    READ_ONLY("their root file system is read-only now", "let them write to /tmp"),
    HEALTH_PATH(
        "readinessPath is /_/health, which OpenFaaS asks too",
        "with of-watchdog remove it: the default, /_/ready, also says when a function is busy");

    private final String reason;
    private final String fix;

    Difference(String reason, String fix) {
      this.reason = reason;
      this.fix = fix;
    }

    String reason() {
      return reason;
    }

    String fix() {
      return fix;
    }
  }

  FunctionImport(
      String name,
      Value.Mapping given,
      Place place,
      Path folder,
      Map<KeyPath, Place> origins,
      Messages messages) {
    this.name = name;
    this.given = given;
    this.place = place;
    this.folder = folder;
    this.origins = origins;
    this.messages = messages;
  }

  Set<Difference> differences() {
    return differences;
  }

  ObjectNode convert() {
    build();
    given
        .entries()
        .forEach(
            (key, value) -> {
              if (!KEYS.contains(key)) {
                StackImport.unknown(key, KEYS, value, at(key), messages);
              } else if (!BUILD.contains(key)
                  && !key.equals("image")
                  && value instanceof Value.Scalar scalar
                  && scalar.isNull()) {
                leftOut(at(key), "it has no value", "");
              }
            });
    image();
    new EnvironmentImport(this, folder).convert();
    secrets();
    constraints();
    new ResourcesImport(this).convert();
    new MetadataImport(this).convert();
    readOnly();
    if (!function.has("readinessPath")) {
      function.put("readinessPath", HEALTH);
      differences.add(Difference.HEALTH_PATH);
    }
    if (function.has("cron")) {
      differences.add(Difference.NOT_OPENED);
    } else {
      function.putObject("http");
      differences.add(Difference.OPENED);
    }
    text("namespace")
        .ifPresent(
            it ->
                leftOut(
                    at("namespace"),
                    "all functions run in " + Namespaces.FUNCTIONS,
                    "if two have the same name, rename one"));
    return ordered();
  }

  private ObjectNode ordered() {
    var ordered = NODES.objectNode();
    ORDER.stream().filter(function::has).forEach(key -> ordered.set(key, function.get(key)));
    return ordered;
  }

  private void build() {
    var found = new ArrayList<String>();
    given
        .entries()
        .forEach(
            (key, value) -> {
              if (BUILD.contains(key)) {
                found.add(key + StackImport.of(value));
              }
            });
    if (!found.isEmpty()) {
      leftOut(
          place,
          "%s: how its image is built, which happens before".formatted(String.join(", ", found)),
          "build it as until now, or with tools/function");
    }
  }

  private void image() {
    var image = text("image").orElse("");
    if (image.isEmpty()) {
      messages.problem(
          place,
          "has no image",
          "add it: image: registry.example.no/faas/%s:0.1.0".formatted(name));
      return;
    }
    put(List.of("image"), NODES.stringNode(image), at("image"));
    var lastPart = image.substring(image.lastIndexOf('/') + 1);
    if (!image.contains("@") && (!lastPart.contains(":") || lastPart.endsWith(":latest"))) {
      messages.note(
          at("image"),
          Fate.TO_DO,
          "%s may be another image tomorrow, so the preview refuses it".formatted(image),
          "give it a tag other than latest, or a digest");
    }
  }

  private void secrets() {
    for (var secret : texts("secrets")) {
      var path = List.of("secrets", secret.text());
      if (has(path)) {
        leftOut(secret.place(), "%s is there twice".formatted(secret.text()), "");
        continue;
      }
      put(path, NODES.nullNode(), secret.place());
    }
  }

  /** As createSelector of faas-netes reads them: one equals sign, or none at all. */
  private void constraints() {
    for (var constraint : texts("constraints")) {
      var parts = constraint.text().split("=", -1);
      if (parts.length != 2) {
        leftOut(
            constraint.place(),
            "\"%s\" is ignored by OpenFaaS on Kubernetes too, which takes label=value"
                .formatted(constraint.text()),
            "if it is needed, add it to nodeSelector");
        continue;
      }
      var path = List.of("nodeSelector", parts[0]);
      if (has(path)) {
        leftOut(constraint.place(), "there is another one for " + parts[0], "keep one of the two");
      } else {
        put(path, NODES.stringNode(parts[1]), constraint.place());
      }
    }
  }

  private void readOnly() {
    var key = "readonly_root_filesystem";
    var text = text(key).orElse("");
    switch (text) {
      case "" -> differences.add(Difference.READ_ONLY);
      case "true", "True", "TRUE" ->
          leftOut(at(key), "the root file system is always read-only", "");
      case "false", "False", "FALSE" ->
          leftOut(at(key), "the root file system is always read-only", "let it write to /tmp");
      default -> messages.problem(at(key), "is \"%s\"".formatted(text), "write true or false");
    }
  }

  // What the parts of the conversion share.

  /** A text of a list, and where it is. */
  record Item(String text, Place place) {}

  String name() {
    return name;
  }

  Messages messages() {
    return messages;
  }

  Place at(String key) {
    return place.key(key, given.entries().containsKey(key) ? line(key) : place.line());
  }

  private int line(String key) {
    return Optional.ofNullable(given.entries().get(key)).map(Value::line).orElse(0);
  }

  void differs(Difference difference) {
    differences.add(difference);
  }

  void leftOut(Place at, String reason, String fix) {
    messages.note(at, Fate.LEFT_OUT, reason, fix);
  }

  void changed(Place at, String reason, String fix) {
    messages.note(at, Fate.CHANGED, reason, fix);
  }

  boolean has(List<String> path) {
    JsonNode node = function;
    for (var key : path) {
      node = node.path(key);
    }
    return !node.isMissingNode();
  }

  /** Sets a key of the result. */
  void put(List<String> path, JsonNode value, Place origin) {
    var owner = function;
    var at = KeyPath.of("functions", name);
    for (var key : path.subList(0, path.size() - 1)) {
      owner = owner.get(key) instanceof ObjectNode inner ? inner : owner.putObject(key);
      at = at.key(key);
      origins.putIfAbsent(at, origin);
    }
    var last = path.get(path.size() - 1);
    owner.set(last, value);
    origins.put(at.key(last), origin);
  }

  /** The text of a key; empty if it is absent, or not a text. */
  Optional<String> text(String key) {
    var value = given.entries().get(key);
    if (value == null) {
      return Optional.empty();
    }
    if (value instanceof Value.Scalar scalar) {
      return scalar.isNull() ? Optional.empty() : Optional.of(scalar.text());
    }
    messages.problem(at(key), "is %s, not a text".formatted(value.kind()), "write one value");
    return Optional.empty();
  }

  /** The texts of a key that is a list. */
  List<Item> texts(String key) {
    var value = given.entries().get(key);
    var items = new ArrayList<Item>();
    if (value instanceof Value.Sequence sequence) {
      for (var item : sequence.items()) {
        var at = new Place(place.file(), item.line(), place.path().key(key).index(items.size()));
        if (item instanceof Value.Scalar scalar && !scalar.isNull() && !scalar.text().isEmpty()) {
          items.add(new Item(scalar.text(), at));
        } else {
          messages.problem(at, "is %s, not a text".formatted(item.kind()), "write one value");
        }
      }
    } else if (value != null && !(value instanceof Value.Scalar scalar && scalar.isNull())) {
      messages.problem(
          at(key), "is %s, not a list".formatted(value.kind()), "write each value behind a dash");
    }
    return items;
  }

  /** The texts of a key that is a map; nothing is an empty text, as for faas-cli. */
  Map<String, Item> map(String key) {
    return map(given.entries().get(key), at(key), messages);
  }

  static Map<String, Item> map(@Nullable Value value, Place at, Messages messages) {
    var texts = new LinkedHashMap<String, Item>();
    if (value instanceof Value.Mapping mapping) {
      mapping
          .entries()
          .forEach(
              (key, it) -> {
                var place = at.key(key, it.line());
                if (it instanceof Value.Scalar scalar) {
                  texts.put(key, new Item(scalar.isNull() ? "" : scalar.text(), place));
                } else {
                  messages.problem(
                      place, "is %s, not a text".formatted(it.kind()), "write one value");
                }
              });
    } else if (value != null && !(value instanceof Value.Scalar scalar && scalar.isNull())) {
      messages.problem(
          at, "is %s, not a map".formatted(value.kind()), "write names and their values below it");
    }
    return texts;
  }
}
