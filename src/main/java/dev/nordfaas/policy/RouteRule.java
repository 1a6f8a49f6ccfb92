package dev.nordfaas.policy;

import dev.nordfaas.config.KeyPath;
import dev.nordfaas.config.Problems;
import dev.nordfaas.config.Rule;
import dev.nordfaas.config.StackConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Every path at the edge leads to one place, and none hides a path or a name of the platform. */
final class RouteRule implements Rule {
  private static final List<String> RESERVED_PATHS =
      List.of("/function", "/async-function", "/system", "/ui", "/healthz");
  private static final List<String> RESERVED_NAMES =
      List.of("edge", "gateway", "intake", "nats", "pgbouncer", "postgres", "queue-worker");

  @Override
  public void check(StackConfig config, Problems problems) {
    var owners = new HashMap<String, KeyPath>();
    config
        .queueWorker()
        .intake()
        .routes()
        .forEach(
            (name, route) ->
                checkPath(
                    route.path(),
                    KeyPath.of("queueWorker", "intake", "routes", name, "path"),
                    owners,
                    problems));
    config
        .functions()
        .forEach(
            (name, function) -> {
              var path = KeyPath.of("functions", name);
              if (RESERVED_NAMES.contains(name)) {
                problems.add(
                    path, "the platform has a service of this name", "choose another name");
              }
              function
                  .http()
                  .ifPresent(
                      http ->
                          checkPath(http.path(), path.key("http").key("path"), owners, problems));
            });
  }

  private static void checkPath(
      String path, KeyPath at, Map<String, KeyPath> owners, Problems problems) {
    var plain =
        path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    RESERVED_PATHS.stream()
        .filter(reserved -> (plain + "/").startsWith(reserved + "/"))
        .forEach(
            reserved ->
                problems.add(
                    at,
                    "%s belongs to the gateway".formatted(reserved),
                    "choose another path, such as /orders"));
    var owner = owners.putIfAbsent(plain, at);
    if (owner != null) {
      problems.add(
          at,
          "%s is the path of %s already".formatted(plain, owner),
          "give each route a path of its own",
          owner);
    }
  }
}
