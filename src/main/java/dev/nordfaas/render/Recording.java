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
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Replaces the engine: accepts every registration, does nothing, and keeps the Kubernetes objects.
 * A generated password is a placeholder, such as {@code ${NATS_INTAKE_PASSWORD}}.
 */
final class Recording implements Mocks {
  private final ConcurrentLinkedQueue<Map<String, Object>> objects = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<String> placeholders = new ConcurrentLinkedQueue<>();

  private volatile String token = "";
  private volatile String agentToken = "";

  @Override
  public CompletableFuture<ResourceResult> newResourceAsync(ResourceArgs args) {
    if (args.type.startsWith("kubernetes:") && args.inputs.containsKey("kind")) {
      objects.add(Properties.integral(args.inputs));
    }
    if (NodeScript.K3S_TOKEN.text().equals(args.inputs.get("create"))) {
      keepTokens(String.valueOf(args.inputs.get("stdin")));
    }
    var state = new HashMap<>(args.inputs);
    // Fields that the cluster would fill in stay empty.
    state.putIfAbsent("data", Map.of());
    if (args.type.startsWith("command:")) {
      state.put("stdout", args.type.startsWith("command:local:") ? local(args) : "");
      state.put("stderr", "");
    }
    return CompletableFuture.completedFuture(
        ResourceResult.of(Optional.of(args.name + "_id"), state));
  }

  /** Only servers get both. */
  private void keepTokens(String request) {
    value(request, "agent-token=")
        .ifPresent(
            agents -> {
              agentToken = agents;
              token = value(request, "token=").orElseThrow();
            });
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

  private String placeholder(String name) {
    var variable = name.replace('-', '_').toUpperCase(Locale.ROOT);
    placeholders.add(variable);
    return "${" + variable + "}";
  }

  /** The Kubernetes objects. */
  List<Map<String, Object>> objects() {
    return List.copyOf(objects);
  }

  /** The servers' token; empty without nodes. */
  String token() {
    return token;
  }

  /** The agents' token; empty without nodes. */
  String agentToken() {
    return agentToken;
  }

  /** The variables that stand for generated passwords, sorted. */
  List<String> placeholders() {
    return List.copyOf(new TreeSet<>(placeholders));
  }
}
