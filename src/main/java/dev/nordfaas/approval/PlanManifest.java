package dev.nordfaas.approval;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a saved plan is bound to. A merge has a commit of its own, so that the commit is only for
 * people to read: the plan is bound to what it was made from.
 *
 * @param format the version of this format
 * @param stack the stack's name
 * @param commit where it was planned
 * @param created when, in UTC
 * @param config the digest of the stack's config
 * @param program the digest of the program
 * @param files the digests of the files that the config names
 * @param state the digests of the resources that were there
 * @param tools the versions of the CLI and of its plug-ins
 * @param plan the digest of the engine's plan itself
 * @param operations how many there are of each
 * @param unknown how many inputs were unknown
 * @param secret how many inputs are encrypted in the plan
 */
record PlanManifest(
    int format,
    String stack,
    String commit,
    String created,
    String config,
    String program,
    SortedMap<String, String> files,
    SortedMap<String, String> state,
    String tools,
    String plan,
    SortedMap<String, Integer> operations,
    int unknown,
    int secret) {
  static final int FORMAT = 1;
  private static final int NAMED = 5;

  /** What is different now, a line for each kind; empty: the plan still holds. */
  List<String> differences(PlanManifest now) {
    var lines = new ArrayList<String>();
    if (format != now.format) {
      lines.add("format: %d, and this version of nordfaas reads %d".formatted(format, now.format));
    }
    compare(lines, "stack", "it was made for " + stack, stack, now.stack);
    compare(lines, "plan", "the file is not the one that was saved", plan, now.plan);
    compare(lines, "config", "the stack's config has changed since", config, now.config);
    compare(lines, "program", "it has changed since", program, now.program);
    compare(lines, "tools", "%s then, %s now".formatted(tools, now.tools), tools, now.tools);
    compare(lines, "files", files, now.files);
    compare(lines, "state", state, now.state);
    return lines;
  }

  private static void compare(
      List<String> lines, String what, String difference, String then, String now) {
    if (!then.equals(now)) {
      lines.add(what + ": " + difference);
    }
  }

  private static void compare(
      List<String> lines, String what, Map<String, String> then, Map<String, String> now) {
    var names = changed(then, now);
    if (!names.isEmpty()) {
      lines.add(
          "%s: changed since: %s%s"
              .formatted(
                  what,
                  names.stream().limit(NAMED).collect(Collectors.joining(", ")),
                  names.size() > NAMED ? " and %d more".formatted(names.size() - NAMED) : ""));
    }
  }

  private static SortedSet<String> changed(Map<String, String> then, Map<String, String> now) {
    var names = new TreeSet<>(then.keySet());
    names.addAll(now.keySet());
    names.removeIf(name -> Objects.equals(then.get(name), now.get(name)));
    return names;
  }

  /** For people, in one line. */
  String summary() {
    var steps =
        operations.entrySet().stream()
            .map(entry -> entry.getValue() + " " + entry.getKey())
            .collect(Collectors.joining(", "));
    return "plan of %s at %s, %s: %s; inputs that are unknown until up: %d, encrypted: %d"
        .formatted(stack, commit, created, steps.isEmpty() ? "no changes" : steps, unknown, secret);
  }
}
