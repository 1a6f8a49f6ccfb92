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
 * The edge runs on the node that the domain points to, with an image that supports the rate limit.
 */
final class EdgeRule implements Rule {
  private static final KeyPath NODE = KeyPath.of("edge", "node");
  private static final KeyPath RATE_LIMIT = KeyPath.of("edge", "rateLimit");

  /** Retry-After is in whole seconds; each client costs memory until its window has passed. */
  private static final Duration SHORTEST = Duration.ofSeconds(1);

  private static final Duration LONGEST = Duration.ofHours(1);
  private static final Pattern STOCK =
      Pattern.compile("((docker\\.io/)?library/)?caddy(:[^/]*)?(@.*)?|docker\\.io/caddy[:@].*");
  private static final KeyPath NODES = KeyPath.of("nodes");

  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    checkNode(config, problems);
    config.edge().rateLimit().ifPresent(limit -> checkRateLimit(limit, config, problems));
  }

  private static void checkRateLimit(RateLimit limit, StackConfig config, Problems problems) {
    if (STOCK.matcher(config.edge().image()).matches()) {
      problems.add(
          RATE_LIMIT,
          "the official image %s has no rate limit, and would not start with one"
              .formatted(config.edge().image()),
          "set edge.image to one that is built from images/caddy, or remove rateLimit",
          KeyPath.of("edge", "image"));
    }
    if (limit.window().compareTo(SHORTEST) < 0 || limit.window().compareTo(LONGEST) > 0) {
      problems.add(
          RATE_LIMIT.key("window"),
          "%s is out of range".formatted(Durations.format(limit.window())),
          "use 1s to 1h");
    }
  }

  private static void checkNode(StackConfig config, Problems problems) {
    var names = config.nodes().keySet();
    var node = config.edge().node();
    if (node.isEmpty() && names.size() > 1) {
      problems.add(
          NODE,
          "is missing, but %d nodes require it: the edge runs on the one that the domain points to"
              .formatted(names.size()),
          "add it: " + oneOf(names),
          NODES);
    }
    node.filter(name -> !names.contains(name))
        .ifPresent(
            name ->
                problems.add(
                    NODE, "there is no node \"%s\"".formatted(name), "use " + oneOf(names), NODES));
    config.nodes().entrySet().stream()
        .filter(it -> node.equals(Optional.of(it.getKey())) && !it.getValue().takesPods())
        .forEach(
            it ->
                problems.add(
                    NODE,
                    "the edge cannot run on %s: a taint keeps its pod away".formatted(it.getKey()),
                    "choose another node, or remove the taint",
                    NODES));
  }

  private static String oneOf(Collection<String> names) {
    return String.join(" or ", names);
  }
}
