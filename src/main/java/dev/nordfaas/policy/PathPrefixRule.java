package dev.nordfaas.policy;

import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.plan.Plan;
import java.util.Locale;
import java.util.stream.Stream;

/** The part of a function that clients reach is one that there is, and not its readiness. */
final class PathPrefixRule implements Rule {
  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    HttpFunction.of(config).forEach(function -> checkPrefix(function, problems));
  }

  private static void checkPrefix(HttpFunction function, Problems problems) {
    var prefix = function.http().pathPrefix();
    var at = function.httpPath().key("pathPrefix");
    if (prefix.length() > 1 && prefix.endsWith("/")) {
      problems.add(
          at,
          "%s ends in a slash, and would leave out the path without it".formatted(prefix),
          "write %s".formatted(withoutSlash(prefix)));
    }
    PathSpelling.check(prefix, at, problems);
    Stream.of("/_", withoutSlash(function.function().readinessPath()))
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
                    function.path().key("readinessPath")));
  }

  /** The edge closes these paths however they are written. */
  private static boolean isBelow(String path, String other) {
    return (path + "/").toLowerCase(Locale.ROOT).startsWith((other + "/").toLowerCase(Locale.ROOT));
  }

  private static String withoutSlash(String path) {
    return path.replaceFirst("/+$", "");
  }
}
