package dev.nordfaas.policy;

import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.edge.EdgePod;
import dev.nordfaas.plan.Plan;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Every path at the edge leads to one place, and none hides a path of the platform. The edge's path
 * matching is case-insensitive.
 */
final class RouteRule implements Rule {
  private static final String GATEWAY = "the gateway";
  private static final String INTAKE = "intake, which reports the status of an order there";

  /** The owner of each path and everything below it. */
  private static final Map<String, String> RESERVED =
      Map.of(
          "/async-function",
          GATEWAY,
          "/function",
          GATEWAY,
          "/healthz",
          GATEWAY,
          "/system",
          GATEWAY,
          "/ui",
          GATEWAY,
          EdgePod.STATUS_PATH,
          INTAKE);

  /** The same without a gateway. */
  private static final Map<String, String> RESERVED_WITHOUT_GATEWAY =
      Map.of(
          "/function",
          "the functions, each of which has its own there",
          EdgePod.STATUS_PATH,
          INTAKE);

  /** Paths that intake answers itself, for the nodes and Prometheus. */
  private static final Map<String, String> RESERVED_AT_INTAKE =
      Map.of("/_", "intake itself", "/metrics", "intake itself");

  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    var owners = new HashMap<String, KeyPath>();
    var reserved = config.openfaas().hasGateway() ? RESERVED : RESERVED_WITHOUT_GATEWAY;
    config
        .queueWorker()
        .intake()
        .routes()
        .forEach(
            (name, route) -> {
              var path = KeyPath.of("queueWorker", "intake", "routes", name, "path");
              checkReserved(plain(route.path()), path, RESERVED_AT_INTAKE, problems);
              checkPath(route.path(), path, owners, reserved, problems);
            });
    for (var function : HttpFunction.of(config)) {
      var paths = function.http().paths();
      for (var i = 0; i < paths.size(); i++) {
        var at = function.httpPath().key("paths").index(i);
        checkPath(paths.get(i), at, owners, reserved, problems);
      }
    }
  }

  private static void checkPath(
      String path,
      KeyPath at,
      Map<String, KeyPath> owners,
      Map<String, String> reserved,
      Problems problems) {
    var plain = plain(path);
    checkReserved(plain, at, reserved, problems);
    PathSpelling.check(path, at, problems);
    var owner = owners.putIfAbsent(matched(plain), at);
    if (owner != null) {
      problems.add(
          at,
          "%s is already the path of %s".formatted(plain, owner),
          "give each route its own path",
          owner);
    }
  }

  private static void checkReserved(
      String path, KeyPath at, Map<String, String> paths, Problems problems) {
    paths.forEach(
        (reserved, owner) -> {
          if ((matched(path) + "/").startsWith(reserved + "/")) {
            problems.add(
                at,
                "%s belongs to %s".formatted(reserved, owner),
                "choose another path, such as /orders");
          }
        });
  }

  private static String plain(String path) {
    return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  private static String matched(String path) {
    return path.toLowerCase(Locale.ROOT);
  }
}
