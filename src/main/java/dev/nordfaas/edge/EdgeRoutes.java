package dev.nordfaas.edge;

import dev.nordfaas.config.FunctionConfig;
import dev.nordfaas.config.QueueWorkerConfig.IntakeConfig;
import dev.nordfaas.config.QueueWorkerConfig.RouteConfig;
import java.util.Collection;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the edge serves besides {@code /function/<name>}.
 *
 * @param functions path at the edge, and the function that it calls synchronously
 * @param intake paths whose requests go to the queue
 */
public record EdgeRoutes(NavigableMap<String, String> functions, SortedSet<String> intake) {
  public EdgeRoutes {
    functions = new TreeMap<>(functions);
    intake = new TreeSet<>(intake);
  }

  /** The routes of functions and intake. */
  public static EdgeRoutes of(Map<String, FunctionConfig> functions, IntakeConfig intake) {
    var paths = new TreeMap<String, String>();
    functions.forEach(
        (name, function) -> function.http().ifPresent(http -> paths.put(http.path(), name)));
    return new EdgeRoutes(paths, pathsOf(intake.routes().values()));
  }

  private static SortedSet<String> pathsOf(Collection<RouteConfig> routes) {
    var paths = new TreeSet<String>();
    routes.forEach(route -> paths.add(route.path()));
    return paths;
  }
}
