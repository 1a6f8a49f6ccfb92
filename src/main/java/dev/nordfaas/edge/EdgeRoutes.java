package dev.nordfaas.edge;

import dev.nordfaas.config.FunctionConfig;
import dev.nordfaas.config.FunctionConfig.HttpTrigger;
import dev.nordfaas.config.QueueWorkerConfig.IntakeConfig;
import dev.nordfaas.config.QueueWorkerConfig.RouteConfig;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the edge serves.
 *
 * @param functions the functions with {@code http}, sorted by name; no other can be reached
 * @param intake paths whose requests go to the queue
 */
public record EdgeRoutes(List<FunctionRoute> functions, SortedSet<String> intake) {
  public EdgeRoutes {
    functions = List.copyOf(functions);
    intake = new TreeSet<>(intake);
  }

  /**
   * A function that clients outside may call.
   *
   * @param name its name, and the last part of {@link #ownPath}
   * @param path another path at the edge
   * @param methods what clients may send
   * @param readinessPath the function's path that only its node asks for
   */
  public record FunctionRoute(
      String name, Optional<String> path, SortedSet<String> methods, String readinessPath) {
    public FunctionRoute {
      methods = new TreeSet<>(methods);
    }

    private static FunctionRoute of(String name, FunctionConfig function, HttpTrigger http) {
      var methods = new TreeSet<>(http.methods());
      if (methods.contains("GET")) {
        methods.add("HEAD");
      }
      return new FunctionRoute(name, http.path(), methods, function.readinessPath());
    }

    /** The path that every function has, at the edge and at the gateway. */
    String ownPath() {
      return "/function/" + name;
    }
  }

  /** The routes of functions and intake. */
  public static EdgeRoutes of(Map<String, FunctionConfig> functions, IntakeConfig intake) {
    var routes =
        new TreeMap<>(functions)
            .entrySet().stream()
                .flatMap(
                    function ->
                        function.getValue().http().stream()
                            .map(
                                http ->
                                    FunctionRoute.of(function.getKey(), function.getValue(), http)))
                .toList();
    return new EdgeRoutes(routes, pathsOf(intake.routes().values()));
  }

  private static SortedSet<String> pathsOf(Collection<RouteConfig> routes) {
    var paths = new TreeSet<String>();
    routes.forEach(route -> paths.add(route.path()));
    return paths;
  }
}
