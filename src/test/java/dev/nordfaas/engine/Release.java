package dev.nordfaas.engine;

import static java.util.stream.Collectors.joining;

import dev.nordfaas.config.check.BadConfigs;
import dev.nordfaas.testing.RecordingMocks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A stack of an earlier release, in {@code src/test/resources/releases/<version>}: its config, and
 * what that release's program registered, a resource a line. From these follows the state that an
 * {@code up} of that release left behind, with made-up outputs.
 *
 * @param resources by URN without stack and project
 */
record Release(String version, String stack, Map<String, ObjectNode> resources) {
  static final Path FOLDER = Path.of("src/test/resources/releases");

  private static final JsonMapper MAPPER = new JsonMapper();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final String PROVIDER = "pulumi:providers:";

  /** What the engine writes for a value that is not known yet, and for a secret. */
  private static final List<String> UNSEEN =
      List.of("04da6b54-80e4-46f7-96ec-b56ff0331ba9", "[secret]");

  /** The kinds whose spec says what the data is stored in. */
  private static final List<String> STORES =
      List.of("StatefulSet", "PersistentVolumeClaim", "Cluster");

  /** All that were recorded. */
  static Stream<Release> all() throws IOException {
    try (var files = Files.walk(FOLDER)) {
      return files.filter(file -> file.toString().endsWith(".jsonl")).sorted().toList().stream()
          .map(Release::read);
    }
  }

  private static Release read(Path file) {
    try (var lines = Files.lines(file)) {
      return of(
          file.getParent().getFileName().toString(),
          file.getFileName().toString().replace(".jsonl", ""),
          lines.map(line -> (ObjectNode) MAPPER.readTree(line)).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Release of(String version, String stack, List<ObjectNode> resources) {
    var byUrn = new LinkedHashMap<String, ObjectNode>();
    resources.forEach(resource -> byUrn.put(resource.get("urn").stringValue(), resource));
    return new Release(version, stack, byUrn);
  }

  /** What a preview with nothing there, as JSON, says of the program. */
  static Release of(String version, String stack, JsonNode preview) {
    var prefix = prefix(stack);
    var resources = new TreeMap<String, ObjectNode>();
    for (var step : preview.get("steps")) {
      var state = step.get("newState");
      var resource = NODES.objectNode();
      resource.put("urn", state.get("urn").stringValue().substring(prefix.length()));
      if (state.has("parent")) {
        resource.put("parent", state.get("parent").stringValue().substring(prefix.length()));
      }
      if (state.path("protect").asBoolean(false)) {
        resource.put("protect", true);
      }
      if (state.has("additionalSecretOutputs")) {
        resource.put("secret", true);
      }
      if (state.has("provider")) {
        var provider = withoutId(state.get("provider").stringValue()).substring(prefix.length());
        resource.put("provider", provider);
        if (provider.contains("::default_")) {
          resources.put(
              provider, NODES.objectNode().put("urn", provider).set("inputs", NODES.objectNode()));
        }
      }
      if (state.path("custom").asBoolean(false)) {
        resource.set("inputs", kept(state.get("type").stringValue(), known(state.path("inputs"))));
      }
      resources.put(resource.get("urn").stringValue(), resource);
    }
    return of(version, stack, List.copyOf(resources.values()));
  }

  private static String withoutId(String provider) {
    return provider.substring(0, provider.lastIndexOf("::"));
  }

  /** What tells one resource from another, and what forces its replacement. */
  private static ObjectNode kept(String type, JsonNode inputs) {
    if (type.startsWith("kubernetes:")) {
      var kept = only(inputs, "apiVersion", "kind");
      kept.set("metadata", only(inputs.path("metadata"), "name", "namespace"));
      if (STORES.contains(inputs.path("kind").asString(""))) {
        kept.set("spec", ((ObjectNode) inputs.get("spec")).deepCopy().without("template"));
      }
      return kept;
    }
    return type.startsWith(PROVIDER)
        ? ((ObjectNode) inputs).without("__internal")
        : only(inputs, "environment", "triggers");
  }

  private static ObjectNode only(JsonNode object, String... names) {
    var kept = NODES.objectNode();
    Stream.of(names).filter(object::has).forEach(name -> kept.set(name, object.get(name)));
    return kept;
  }

  /** Without secrets and what was not known, and with keys in their order. */
  private static JsonNode known(JsonNode value) {
    if (value instanceof ArrayNode list) {
      var kept = NODES.arrayNode();
      list.values().stream().filter(Release::isSeen).forEach(it -> kept.add(known(it)));
      return kept;
    }
    if (!(value instanceof ObjectNode object)) {
      return value.isMissingNode() ? NODES.objectNode() : value;
    }
    var kept = new TreeMap<String, JsonNode>();
    object
        .properties()
        .forEach(
            entry -> {
              if (isSeen(entry.getValue())) {
                kept.put(entry.getKey(), known(entry.getValue()));
              }
            });
    return NODES.objectNode().setAll(kept);
  }

  private static boolean isSeen(JsonNode value) {
    return !value.isString() || !UNSEEN.contains(value.stringValue());
  }

  /** A resource a line. */
  String lines() {
    return resources.values().stream()
        .sorted(Comparator.comparing(it -> it.get("urn").stringValue()))
        .map(MAPPER::writeValueAsString)
        .collect(joining("\n", "", "\n"));
  }

  /** Writes it where {@link #all} finds it, with the config that it is of. */
  void write(String config) throws IOException {
    var folder = Files.createDirectories(FOLDER.resolve(version));
    Files.writeString(folder.resolve(stack + ".jsonl"), lines());
    Files.writeString(folder.resolve("Pulumi." + stack + ".yaml"), config);
  }

  /** Its config, with what UPGRADING.md says to do first: {@code upgrade.<stack>.yaml}, if any. */
  String config() throws IOException {
    var folder = FOLDER.resolve(version);
    var config = Files.readString(folder.resolve("Pulumi." + stack + ".yaml"));
    var upgrade = folder.resolve("upgrade." + stack + ".yaml");
    return Files.exists(upgrade) ? BadConfigs.patch(config, Files.readString(upgrade)) : config;
  }

  /** The same with another resource in the place of one. */
  Release with(String urn, ObjectNode resource) {
    var changed = new ArrayList<>(resources.values());
    changed.set(List.copyOf(resources.keySet()).indexOf(urn), resource);
    return of(version, stack, changed);
  }

  /** The URNs of what holds data that nobody could make again. */
  List<String> holdingData() {
    return resources.values().stream()
        .filter(Release::holdsData)
        .map(resource -> prefix(stack) + resource.get("urn").stringValue())
        .toList();
  }

  /** Those of them that are in the cluster. */
  List<String> holdingDataInCluster() {
    return holdingData().stream().filter(urn -> urn.contains("kubernetes:")).toList();
  }

  /** Volumes and what has them, namespaces around them, passwords, keys, origins, the cluster. */
  private static boolean holdsData(JsonNode resource) {
    var urn = resource.get("urn").stringValue();
    var kind = resource.path("inputs").path("kind").asString("");
    return STORES.contains(kind)
        || kind.equals("Namespace")
        || kind.equals("HelmChart")
        || urn.contains("K3sCluster$command:remote:Command::")
        || (urn.contains("command:local:Command::")
            && (resource.has("secret")
                || resource.path("inputs").path("environment").has("ORIGIN")));
  }

  /** As {@code pulumi stack import} takes it. */
  String deployment() {
    var ordered = new LinkedHashMap<String, ObjectNode>();
    resources.keySet().forEach(urn -> addWithOwners(urn, ordered));
    var state = NODES.objectNode();
    state.putObject("manifest").put("time", "2026-01-01T00:00:00Z");
    var list = state.putArray("resources");
    ordered.values().forEach(list::add);
    return NODES.objectNode().put("version", 3).set("deployment", state).toString();
  }

  /** The engine wants parents and providers before what they are of. */
  private void addWithOwners(String urn, Map<String, ObjectNode> ordered) {
    var resource = resources.get(urn);
    if (ordered.containsKey(urn)) {
      return;
    }
    for (var owner : List.of("parent", "provider")) {
      if (resource.has(owner)) {
        addWithOwners(resource.get(owner).stringValue(), ordered);
      }
    }
    ordered.put(urn, state(resource));
  }

  private ObjectNode state(ObjectNode resource) {
    var urn = resource.get("urn").stringValue();
    var type = urn.substring(0, urn.lastIndexOf("::")).replaceFirst(".*\\$", "");
    var name = urn.substring(urn.lastIndexOf("::") + 2);
    var state = NODES.objectNode();
    state.put("urn", prefix(stack) + urn).put("type", type).put("custom", resource.has("inputs"));
    if (resource.has("parent")) {
      state.put("parent", prefix(stack) + resource.get("parent").stringValue());
    }
    if (resource.has("protect")) {
      state.put("protect", true);
    }
    if (resource.has("provider")) {
      var provider = resource.get("provider").stringValue();
      state.put("provider", prefix(stack) + provider + "::" + id(provider));
    }
    if (resource.has("inputs")) {
      var inputs = ((ObjectNode) resource.get("inputs")).deepCopy();
      state.put("id", id(urn));
      state.set("outputs", outputs(type, name, inputs));
      state.set("inputs", inputs);
    }
    return state;
  }

  private static String id(String urn) {
    return "recorded-" + urn.substring(urn.lastIndexOf("::") + 2);
  }

  /** Adds to the inputs what was not recorded, and without which the state cannot be read. */
  private static ObjectNode outputs(String type, String name, ObjectNode inputs) {
    if (type.equals(PROVIDER + "kubernetes")) {
      inputs.put("kubeconfig", RecordingMocks.KUBECONFIG);
    }
    if (type.startsWith("command:remote:")) {
      inputs.putObject("connection").put("host", "192.0.2.1");
    }
    var outputs = inputs.deepCopy();
    if (type.startsWith("command:")) {
      outputs.put(
          "stdout",
          inputs.path("environment").path("ORIGIN").asString(RecordingMocks.stdout(name)));
      outputs.put("stderr", "");
    }
    if (type.startsWith("kubernetes:")) {
      outputs.set("__inputs", inputs);
      outputs.set("__initialApiVersion", inputs.get("apiVersion"));
      if (inputs.path("kind").asString("").equals("Secret")) {
        outputs.putObject("data").put("token", "dG9rZW4=");
      }
    }
    return outputs;
  }

  private static String prefix(String stack) {
    return "urn:pulumi:%s::nordfaas::".formatted(stack);
  }

  @Override
  public String toString() {
    return stack + " of " + version;
  }
}
