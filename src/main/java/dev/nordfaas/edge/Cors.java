package dev.nordfaas.edge;

import dev.nordfaas.config.CorsConfig;
import dev.nordfaas.config.WebOrigin;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a route tells browsers about pages of other origins (the Fetch standard, CORS protocol).
 *
 * <p>It keeps nobody out: an answer without these headers is one that a browser does not show to a
 * page. So a page of another origin is not refused, it is told nothing.
 */
final class Cors {
  private Cors() {}

  /**
   * The directives, for a {@code route}, from where on answers have the headers.
   *
   * <p>Headers are set twice. At once, as Caddy answers an error, such as 502, past the handlers
   * that are to change the answer; and again when an answer is written, after all that the function
   * says about it is removed. The later handler changes an answer first.
   *
   * @param all for a path of several routes several; an origin may do what any of them allows
   * @param methods what the route serves
   */
  static String directives(List<CorsConfig> all, Collection<String> methods) {
    if (all.isEmpty()) {
      return "";
    }
    var matchers = new StringBuilder();
    var now = new StringBuilder();
    var preflight = new StringBuilder();
    var later = new StringBuilder();
    for (var i = 0; i < all.size(); i++) {
      var cors = all.get(i);
      var matcher = i == 0 ? "@origin" : "@origin-" + (i + 1);
      matchers.append(matcher(matcher, cors));
      now.append(answer(matcher, cors, ""));
      preflight.append(preflight(matcher, cors, methods));
      later.append(answer(matcher, cors, "\t\t\t\t\tdefer\n"));
    }
    return """
    \t\t\t\theader +Vary Origin
    %s%s\t\t\t\t@preflight {
    \t\t\t\t\tmethod OPTIONS
    \t\t\t\t\theader Origin *
    \t\t\t\t\theader Access-Control-Request-Method *
    \t\t\t\t}
    \t\t\t\thandle @preflight {
    %s\t\t\t\t\trespond 204
    \t\t\t\t}
    %s\t\t\t\theader -Access-Control-*
    """
        .formatted(matchers, now, preflight, later);
  }

  /** Several Origin headers are one text with commas here, and match nothing. */
  private static String matcher(String name, CorsConfig cors) {
    return "\t\t\t\t%s vars {http.request.header.Origin} %s\n"
        .formatted(
            name, cors.origins().stream().map(WebOrigin::text).collect(Collectors.joining(" ")));
  }

  private static String answer(String matcher, CorsConfig cors, String deferred) {
    return """
    \t\t\t\theader %s {
    \t\t\t\t\tAccess-Control-Allow-Origin {http.request.header.Origin}
    %s%s%s\t\t\t\t}
    """
        .formatted(
            matcher,
            cors.credentials() ? "\t\t\t\t\tAccess-Control-Allow-Credentials true\n" : "",
            names("\t\t\t\t\t+Access-Control-Expose-Headers", cors.exposedHeaders()),
            deferred);
  }

  private static String preflight(String matcher, CorsConfig cors, Collection<String> methods) {
    return """
    \t\t\t\t\theader %s {
    \t\t\t\t\t\tAccess-Control-Allow-Methods "%s"
    %s\t\t\t\t\t\tAccess-Control-Max-Age %d
    \t\t\t\t\t}
    """
        .formatted(
            matcher,
            String.join(", ", methods),
            names("\t\t\t\t\t\t+Access-Control-Allow-Headers", cors.headers()),
            cors.maxAge().toSeconds());
  }

  /** Added to what another route of the path allows, not in its place. */
  private static String names(String directive, List<String> names) {
    return names.isEmpty() ? "" : "%s \"%s\"\n".formatted(directive, String.join(", ", names));
  }
}
