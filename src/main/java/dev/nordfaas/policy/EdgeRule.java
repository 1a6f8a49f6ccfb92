package dev.nordfaas.policy;

import dev.nordfaas.config.Durations;
import dev.nordfaas.config.EdgeConfig.RateLimit;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.plan.Plan;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The edge runs on the nodes that the domain points to, with an image that supports the rate limit
 * and the checks of callers, and a storage that several edges share.
 */
final class EdgeRule implements Rule {
  private static final KeyPath NODES_OF_EDGE = KeyPath.of("edge", "nodes");
  private static final KeyPath IMAGE = KeyPath.of("edge", "image");
  private static final KeyPath RATE_LIMIT = KeyPath.of("edge", "rateLimit");

  /** Retry-After is in whole seconds; each client costs memory until its window has passed. */
  private static final Duration SHORTEST = Duration.ofSeconds(1);

  private static final Duration LONGEST = Duration.ofHours(1);
  private static final Pattern STOCK =
      Pattern.compile("((docker\\.io/)?library/)?caddy(:[^/]*)?(@.*)?|docker\\.io/caddy[:@].*");
  private static final KeyPath NODES = KeyPath.of("nodes");

  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    checkNodes(config, problems);
    checkStorage(config, problems);
    checkCallers(config, plan, problems);
    config.edge().rateLimit().ifPresent(limit -> checkRateLimit(limit, config, problems));
  }

  private static void checkCallers(StackConfig config, Plan plan, Problems problems) {
    if (plan.routes().areChecked() && STOCK.matcher(config.edge().image()).matches()) {
      problems.add(
          IMAGE,
          "the official image %s cannot tell who is calling, which a route's auth needs, and would not start"
              .formatted(config.edge().image()),
          "use an image that is built from images/caddy",
          Auths.INTAKE,
          Auths.FUNCTIONS);
    }
  }

  private static void checkRateLimit(RateLimit limit, StackConfig config, Problems problems) {
    if (STOCK.matcher(config.edge().image()).matches()) {
      problems.add(
          RATE_LIMIT,
          "the official image %s has no rate limit, and would not start with one"
              .formatted(config.edge().image()),
          "set edge.image to one that is built from images/caddy, or remove rateLimit",
          IMAGE);
    }
    if (limit.window().compareTo(SHORTEST) < 0 || limit.window().compareTo(LONGEST) > 0) {
      problems.add(
          RATE_LIMIT.key("window"),
          "%s is out of range".formatted(Durations.format(limit.window())),
          "use 1s to 1h");
    }
  }

  private static void checkNodes(StackConfig config, Problems problems) {
    var names = config.nodes().keySet();
    var chosen = config.edge().nodes();
    if (chosen.isEmpty() && names.size() > 1) {
      problems.add(
          NODES_OF_EDGE,
          "is missing, but %d nodes require it: the edge runs on those that the domain points to"
              .formatted(names.size()),
          "add it, with " + oneOf(names),
          NODES);
    }
    for (var i = 0; i < chosen.size(); i++) {
      checkNode(chosen.get(i), NODES_OF_EDGE.index(i), config, problems);
      if (chosen.subList(0, i).contains(chosen.get(i))) {
        problems.add(
            NODES_OF_EDGE.index(i),
            "%s is listed twice".formatted(chosen.get(i)),
            "remove one of them: a node has one edge");
      }
    }
  }

  private static void checkNode(String name, KeyPath path, StackConfig config, Problems problems) {
    var node = Optional.ofNullable(config.nodes().get(name));
    if (node.isEmpty()) {
      problems.add(
          path,
          "there is no node \"%s\"".formatted(name),
          "use " + oneOf(config.nodes().keySet()),
          NODES);
    }
    node.filter(it -> !it.takesPods())
        .ifPresent(
            it ->
                problems.add(
                    path,
                    "the edge cannot run on %s: a taint keeps its pod away".formatted(name),
                    "choose another node, or remove the taint",
                    NODES));
  }

  /** With one edge the official image stores its certificates in files. */
  private static void checkStorage(StackConfig config, Problems problems) {
    if (config.edge().sharesCertificates() && STOCK.matcher(config.edge().image()).matches()) {
      problems.add(
          IMAGE,
          "the official image %s cannot share certificates, and would not start on %d nodes"
              .formatted(config.edge().image(), config.edge().replicas()),
          "use an image that is built from images/caddy, one node, or tls certificate",
          NODES_OF_EDGE,
          KeyPath.of("edge", "tls"));
    }
  }

  private static String oneOf(Collection<String> names) {
    return String.join(" or ", names);
  }
}
