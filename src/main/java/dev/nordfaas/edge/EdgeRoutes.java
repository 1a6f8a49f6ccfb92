package dev.nordfaas.edge;

import dev.nordfaas.config.CorsConfig;
import dev.nordfaas.config.FunctionConfig;
import dev.nordfaas.config.FunctionConfig.HttpTrigger;
import dev.nordfaas.config.QueueWorkerConfig.IntakeConfig;
import dev.nordfaas.config.QueueWorkerConfig.RouteConfig;
import dev.nordfaas.manifest.CallPath;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What the edge serves.
 *
 * @param functions the functions with {@code http}, sorted by name; no other can be reached
 * @param intake paths whose requests go to the queue, sorted
 * @param status who may ask what became of them
 * @param calls how the calls of functions get to them
 */
public record EdgeRoutes(
    List<FunctionRoute> functions, List<IntakeRoute> intake, Access status, CallPath calls) {
  public EdgeRoutes {
    functions = List.copyOf(functions);
    intake = List.copyOf(intake);
  }

  /** With a gateway, and statuses for whoever may use one of intake's paths. */
  public EdgeRoutes(List<FunctionRoute> functions, List<IntakeRoute> intake) {
    this(functions, intake, Access.ofStatus(Optional.empty(), access(intake)), CallPath.GATEWAY);
  }

  /**
   * A path of intake.
   *
   * @param path exactly what clients send requests to
   * @param cors whose pages may do so from a browser
   * @param access who may use it
   */
  public record IntakeRoute(String path, Optional<CorsConfig> cors, Access access) {}

  /**
   * A function that clients outside may call.
   *
   * @param name its name, and the last part of {@link #ownPath}
   * @param paths other paths at the edge
   * @param pathPrefix the path of the function that clients reach, with those below it
   * @param methods what clients may send
   * @param cors whose pages may do so from a browser
   * @param readinessPath the function's path that only its node asks for
   * @param access who may call it
   */
  public record FunctionRoute(
      String name,
      List<String> paths,
      String pathPrefix,
      SortedSet<String> methods,
      Optional<CorsConfig> cors,
      String readinessPath,
      Access access) {
    public FunctionRoute {
      paths = List.copyOf(paths);
      methods = new TreeSet<>(methods);
    }

    private static FunctionRoute of(String name, FunctionConfig function, HttpTrigger http) {
      var methods = new TreeSet<>(http.methods());
      if (methods.contains("GET")) {
        methods.add("HEAD");
      }
      return new FunctionRoute(
          name,
          http.paths(),
          http.pathPrefix(),
          methods,
          http.cors(),
          function.readinessPath(),
          Access.of(http.auth()));
    }

    /** The path that every function has, at the edge and at the gateway. */
    String ownPath() {
      return "/function/" + name;
    }
  }

  /** The same routes, with functions that are called in another way. */
  public EdgeRoutes with(CallPath other) {
    return new EdgeRoutes(functions, intake, status, other);
  }

  /** The routes of functions and intake, with a gateway. */
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
    var requests = sorted(intake.routes().values());
    return new EdgeRoutes(
        routes, requests, Access.ofStatus(intake.statusAuth(), access(requests)), CallPath.GATEWAY);
  }

  private static List<IntakeRoute> sorted(Collection<RouteConfig> routes) {
    return routes.stream()
        .map(route -> new IntakeRoute(route.path(), route.cors(), Access.of(route.auth())))
        .sorted(Comparator.comparing(IntakeRoute::path))
        .toList();
  }

  private static List<Access> access(List<IntakeRoute> intake) {
    return intake.stream().map(IntakeRoute::access).toList();
  }

  /** Whether the edge looks at credentials on some route, for which it needs a module of ours. */
  public boolean areChecked() {
    return access().anyMatch(Access::isChecked);
  }

  /** Whether some route lets callers in with a client certificate. */
  boolean takeCertificates() {
    return access().anyMatch(Access::takesCertificates);
  }

  private Stream<Access> access() {
    return Stream.of(
            functions.stream().map(FunctionRoute::access),
            access(intake).stream(),
            Stream.of(status))
        .flatMap(it -> it);
  }
}
