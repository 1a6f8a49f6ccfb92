package dev.nordfaas.report;

import dev.nordfaas.report.Change.Component;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads what {@code pulumi preview --json} prints. A pull request's own program has written most of
 * it, so nothing is taken for granted, and nothing of it is trusted.
 */
final class PreviewJson {
  private static final String STACK = "pulumi:pulumi:Stack";
  private static final String REMOTE_COMMAND = "command:remote:Command";
  private static final String K3S = "K3sCluster";
  private static final String INSTALL = "-install";
  private static final Pattern PODS =
      Pattern.compile("kubernetes:apps/[^:]*:(Deployment|StatefulSet|DaemonSet)");
  private static final Pattern OPERATED =
      Pattern.compile("kubernetes:postgresql[.]cnpg[.]io/[^:]*:(Cluster|Pooler)");
  private static final Pattern REBOOT = Pattern.compile("\\S+ has to be restarted: [^;]*");

  /** More components inside each other than any program has. */
  private static final int DEEPEST = 50;

  private final JsonNode preview;
  private final Map<String, String> parents = new HashMap<>();

  private PreviewJson(JsonNode preview) {
    this.preview = preview;
  }

  /**
   * Reads a preview.
   *
   * @throws IllegalArgumentException if it is none
   */
  static Preview read(String text) {
    JsonNode json;
    try {
      json = new JsonMapper().readTree(text);
    } catch (JacksonException e) {
      throw new IllegalArgumentException("is not JSON", e);
    }
    if (!json.path("steps").isArray()) {
      throw new IllegalArgumentException("has no steps");
    }
    return new PreviewJson(json).read();
  }

  private Preview read() {
    for (var step : preview.get("steps")) {
      var parent = Optional.of(text(step.path("newState"), "parent")).filter(it -> !it.isEmpty());
      parents.put(text(step, "urn"), parent.orElseGet(() -> text(step.path("oldState"), "parent")));
    }
    var changes = new LinkedHashMap<String, Change>();
    for (var step : preview.get("steps")) {
      changes.merge(text(step, "urn"), change(step), PreviewJson::both);
    }
    var messages = new ArrayList<JsonNode>();
    preview.path("diagnostics").forEach(messages::add);
    return new Preview(
        List.copyOf(changes.values()),
        unchanged(changes.values()),
        messages.stream().flatMap(message -> reboot(text(message, "message"))).distinct().toList(),
        messages.stream().anyMatch(message -> text(message, "severity").equals("error")));
  }

  /** By default the engine only counts them. */
  private int unchanged(Collection<Change> changes) {
    var counted = preview.path("changeSummary").path("same");
    return counted.isInt()
        ? counted.intValue()
        : (int) changes.stream().filter(it -> it.operation() == Operation.SAME).count();
  }

  /** A replacement has several steps. */
  private static Change both(Change one, Change other) {
    var because = new ArrayList<>(one.because());
    other.because().stream().filter(it -> !because.contains(it)).forEach(because::add);
    return new Change(
        one.operation().or(other.operation()),
        one.type(),
        one.name(),
        one.component(),
        because,
        one.restart().or(other::restart),
        Math.max(one.unknown(), other.unknown()));
  }

  private static Stream<String> reboot(String message) {
    var found = REBOOT.matcher(message);
    return found.find() ? Stream.of(found.group()) : Stream.of();
  }

  private Change change(JsonNode step) {
    var urn = text(step, "urn");
    var operation = Operation.ofStep(text(step, "op"));
    return new Change(
        operation,
        type(urn),
        name(urn),
        component(urn),
        strings(step.path("replaceReasons")),
        restart(urn, operation, step),
        operation == Operation.SAME || operation == Operation.DELETE
            ? 0
            : UnknownValues.in(step.path("newState").path("inputs")));
  }

  private Optional<Restart> restart(String urn, Operation operation, JsonNode step) {
    if (operation != Operation.UPDATE && operation != Operation.REPLACE) {
      return Optional.empty();
    }
    var type = type(urn);
    if (PODS.matcher(type).matches()) {
      return pods(urn, operation, step);
    }
    if (OPERATED.matcher(type).matches()) {
      return Optional.of(new Restart(kind(type) + " " + name(urn), false));
    }
    return type.equals(REMOTE_COMMAND)
            && component(urn).type().equals(K3S)
            && name(urn).endsWith(INSTALL)
        ? Optional.of(new Restart("K3s of " + node(urn), true))
        : Optional.empty();
  }

  private Optional<Restart> pods(String urn, Operation operation, JsonNode step) {
    var before = template(step.path("oldState"));
    var after = template(step.path("newState"));
    if (operation == Operation.UPDATE && before.equals(after)) {
      return Optional.empty();
    }
    return Optional.of(
        new Restart(
            kind(type(urn)) + " " + name(urn),
            operation == Operation.REPLACE || !UnknownValues.mayEqual(before, after)));
  }

  private static JsonNode template(JsonNode state) {
    return state.path("inputs").path("spec").path("template");
  }

  private String node(String urn) {
    var name = name(urn);
    var prefix = component(urn).name() + "-";
    var node = name.substring(0, name.length() - INSTALL.length());
    return node.startsWith(prefix) ? node.substring(prefix.length()) : node;
  }

  /** Above the outermost one there is the stack, or nothing. */
  private Component component(String urn) {
    var seen = new HashSet<String>();
    var outermost = urn;
    var parent = parents.getOrDefault(urn, "");
    while (!parent.isEmpty()
        && !type(parent).equals(STACK)
        && seen.add(parent)
        && seen.size() < DEEPEST) {
      outermost = parent;
      parent = parents.getOrDefault(parent, "");
    }
    return outermost.equals(urn) && !isComponent(urn)
        ? Component.NONE
        : new Component(lastPart(type(outermost)), name(outermost));
  }

  private static boolean isComponent(String urn) {
    return !Set.of("pulumi", "kubernetes", "command").contains(type(urn).split(":", 2)[0]);
  }

  private static String kind(String type) {
    return lastPart(type);
  }

  private static String lastPart(String type) {
    return type.substring(type.lastIndexOf(':') + 1);
  }

  /** {@code urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME}; a name may contain anything. */
  private static String[] parts(String urn) {
    return urn.split("::", 4);
  }

  private static String type(String urn) {
    var parts = parts(urn);
    var types = parts.length == 4 ? parts[2] : "";
    return types.substring(types.lastIndexOf('$') + 1);
  }

  private static String name(String urn) {
    var parts = parts(urn);
    return parts.length == 4 ? parts[3] : urn;
  }

  private static List<String> strings(JsonNode list) {
    var strings = new ArrayList<String>();
    for (var element : list) {
      if (element.isString()) {
        strings.add(element.stringValue());
      }
    }
    return strings;
  }

  private static String text(@Nullable JsonNode node, String key) {
    var value = node == null ? null : node.get(key);
    return value != null && value.isString() ? value.stringValue() : "";
  }
}
