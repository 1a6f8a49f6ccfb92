package dev.nordfaas.policy;

import dev.nordfaas.config.AuthConfig;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.model.KeyPath;
import java.util.ArrayList;
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
   * @param path of the key {@code auth}
   * @param does what clients do with the route, for messages
   */
  record Route(KeyPath path, String does, Optional<AuthConfig> auth) {}

  /** A key {@code auth} or {@code statusAuth} that there is. */
  record Auth(KeyPath path, AuthConfig config) {}

  /** Every route from outside, those of intake first. */
  static List<Route> routes(StackConfig config) {
    var routes = new ArrayList<Route>();
    config
        .queueWorker()
        .intake()
        .routes()
        .forEach(
            (name, route) ->
                routes.add(
                    new Route(
                        INTAKE.key("routes").key(name).key("auth"),
                        "send to " + route.path(),
                        route.auth())));
    config
        .functions()
        .forEach(
            (name, function) ->
                function
                    .http()
                    .ifPresent(
                        http ->
                            routes.add(
                                new Route(
                                    FUNCTIONS.key(name).key("http").key("auth"),
                                    "call " + name,
                                    http.auth()))));
    return routes;
  }

  /** Every key that says who may use something. */
  static List<Auth> of(StackConfig config) {
    return Stream.concat(
            routes(config).stream()
                .flatMap(route -> route.auth().map(auth -> new Auth(route.path(), auth)).stream()),
            config.queueWorker().intake().statusAuth().stream()
                .map(auth -> new Auth(INTAKE.key("statusAuth"), auth)))
        .toList();
  }
}
