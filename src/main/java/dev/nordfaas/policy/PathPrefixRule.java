package dev.nordfaas.policy;

import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.plan.Plan;
import java.util.Locale;
import java.util.stream.Stream;

/** The part of a function that clients reach is one that there is, and not its readiness. */
final class PathPrefixRule implements Rule {
  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    config
        .functions()
        .forEach(
            (name, function) ->
                function
                    .http()
                    .ifPresent(
                        http ->
                            checkPrefix(
                                http.pathPrefix(),
                                function.readinessPath(),
                                KeyPath.of("functions", name),
                                problems)));
  }

  private static void checkPrefix(
      String prefix, String readinessPath, KeyPath function, Problems problems) {
    var at = function.key("http").key("pathPrefix");
    if (prefix.length() > 1 && prefix.endsWith("/")) {
      problems.add(
          at,
          "%s ends in a slash, and would leave out the path without it".formatted(prefix),
          "write %s".formatted(withoutSlash(prefix)));
    }
    PathSpelling.check(prefix, at, problems);
    Stream.of("/_", withoutSlash(readinessPath))
        .filter(closed -> !closed.isEmpty())
        .filter(closed -> isBelow(prefix, closed))
        .findFirst()
        .ifPresent(
            closed ->
                problems.add(
                    at,
                    "%s is for the function's node alone, and the edge answers 404 there"
                        .formatted(closed),
                    "choose another prefix, or remove http",
                    function.key("readinessPath")));
  }

  /** The edge closes these paths however they are written. */
  private static boolean isBelow(String path, String other) {
    return (path + "/").toLowerCase(Locale.ROOT).startsWith((other + "/").toLowerCase(Locale.ROOT));
  }

  private static String withoutSlash(String path) {
    return path.replaceFirst("/+$", "");
  }
}
