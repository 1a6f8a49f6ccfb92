package dev.nordfaas.render;

import com.pulumi.test.Mocks;
import dev.nordfaas.components.Origin;
import dev.nordfaas.template.NodeScript;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Replaces the engine: accepts every registration, does nothing, and keeps the Kubernetes objects.
 * A generated password, and the hash of the cluster's CA, are placeholders, such as {@code
 * ${NATS_INTAKE_PASSWORD}}.
 */
final class Recording implements Mocks {
  /** The end of the type of a resource that changes a few fields of an object of somebody else. */
  private static final String PATCH = "Patch";

  private final ConcurrentLinkedQueue<Map<String, Object>> objects = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Map<String, Object>> patches = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<String> placeholders = new ConcurrentLinkedQueue<>();

  private final Map<String, String> tokenRequests = new ConcurrentHashMap<>();

  @Override
  public CompletableFuture<ResourceResult> newResourceAsync(ResourceArgs args) {
    if (args.type.startsWith("kubernetes:") && args.inputs.containsKey("kind")) {
      (args.type.endsWith(PATCH) ? patches : objects).add(Properties.integral(args.inputs));
    }
    if (NodeScript.K3S_TOKEN.text().equals(args.inputs.get("create"))) {
      var request = String.valueOf(args.inputs.get("stdin"));
      tokenRequests.put(value(request, "node=").orElseThrow(), request);
    }
    var state = new HashMap<>(args.inputs);
    // Fields that the cluster would fill in stay empty.
    state.putIfAbsent("data", Map.of());
    if (args.type.startsWith("command:")) {
      state.put("stdout", args.type.startsWith("command:local:") ? local(args) : remote(args));
      state.put("stderr", "");
    }
    return CompletableFuture.completedFuture(
        ResourceResult.of(Optional.of(args.name + "_id"), state));
  }

  private static Optional<String> value(String request, String key) {
    return request
        .lines()
        .filter(line -> line.startsWith(key))
        .map(line -> line.substring(key.length()))
        .findFirst();
  }

  /** A local command generates a password, or prints an origin. */
  private String local(ResourceArgs args) {
    return args.inputs.get("environment") instanceof Map<?, ?> environment
            && environment.get(Origin.VARIABLE) instanceof String origin
        ? origin
        : placeholder(args.name);
  }

  /** Of what is read on a node, only the hash of the cluster's CA gets into a file. */
  private String remote(ResourceArgs args) {
    return NodeScript.K3S_CA.text().equals(args.inputs.get("create")) ? placeholder(args.name) : "";
  }

  private String placeholder(String name) {
    var variable = name.replace('-', '_').toUpperCase(Locale.ROOT);
    placeholders.add(variable);
    return "${" + variable + "}";
  }

  /** The Kubernetes objects. */
  List<Map<String, Object>> objects() {
    return List.copyOf(objects);
  }

  /** What is changed in Kubernetes objects that K3s creates: only those fields. */
  List<Map<String, Object>> patches() {
    return List.copyOf(patches);
  }

  /** The token that a node starts K3s with. */
  String token(String node) {
    return value(tokenRequests.getOrDefault(node, ""), "token=").orElseThrow();
  }

  /** The agents' token, which only servers get. */
  Optional<String> agentToken(String node) {
    return value(tokenRequests.getOrDefault(node, ""), "agent-token=");
  }

  /** The variables that stand for generated passwords, sorted. */
  List<String> placeholders() {
    return List.copyOf(new TreeSet<>(placeholders));
  }
}
