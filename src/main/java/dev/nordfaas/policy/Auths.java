package dev.nordfaas.policy;

import dev.nordfaas.config.AuthConfig;
import dev.nordfaas.config.CorsConfig;
import dev.nordfaas.config.QueueWorkerConfig.RouteConfig;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.model.KeyPath;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Where a stack config says who may use what. */
final class Auths {
  static final KeyPath INTAKE = KeyPath.of("queueWorker", "intake");
  static final KeyPath FUNCTIONS = KeyPath.of("functions");

  private Auths() {}

  /**
   * A route of the edge.
   *
   * @param path of the object with its keys
   * @param does what clients do with the route, for messages
   */
  record Route(KeyPath path, String does, Optional<AuthConfig> auth, Optional<CorsConfig> cors) {
    /** The path of its key {@code auth}. */
    KeyPath authPath() {
      return path.key("auth");
    }
  }

  /** A key {@code auth} or {@code statusAuth} that there is. */
  record Auth(KeyPath path, AuthConfig config) {}

  /** Every route from outside, those of intake first. */
  static List<Route> routes(StackConfig config) {
    return Stream.concat(
            config.queueWorker().intake().routes().entrySet().stream()
                .map(route -> of(INTAKE.key("routes").key(route.getKey()), route.getValue())),
            HttpFunction.of(config).stream().map(Auths::of))
        .toList();
  }

  private static Route of(KeyPath path, RouteConfig route) {
    return new Route(path, "send to " + route.path(), route.auth(), route.cors());
  }

  private static Route of(HttpFunction function) {
    var http = function.http();
    return new Route(function.httpPath(), "call " + function.name(), http.auth(), http.cors());
  }

  /** Every key that says who may use something. */
  static List<Auth> of(StackConfig config) {
    return Stream.concat(
            routes(config).stream()
                .flatMap(
                    route -> route.auth().map(auth -> new Auth(route.authPath(), auth)).stream()),
            config.queueWorker().intake().statusAuth().stream()
                .map(auth -> new Auth(INTAKE.key("statusAuth"), auth)))
        .toList();
  }
}
