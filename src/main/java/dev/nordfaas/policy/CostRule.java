package dev.nordfaas.policy;

import dev.nordfaas.config.NodeConfig;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.plan.Plan;
import java.util.Optional;
import java.util.stream.Collectors;

/** The nodes' prices add up to no more than the datacenter's limit. */
final class CostRule implements Rule {
  private static final KeyPath LIMIT = KeyPath.of("datacenter", "monthlyCostLimitNok");
  private static final KeyPath NODES = KeyPath.of("nodes");

  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    config
        .datacenter()
        .monthlyCostLimitNok()
        .ifPresent(
            limit -> {
              checkPrices(config, problems);
              checkSum(limit, config, problems);
            });
  }

  private static void checkPrices(StackConfig config, Problems problems) {
    config
        .nodes()
        .forEach(
            (name, node) -> {
              if (node.monthlyPriceNok().isEmpty()) {
                problems.add(
                    NODES.key(name).key("monthlyPriceNok"),
                    "is missing, but datacenter.monthlyCostLimitNok requires it",
                    "add the price of the VPS",
                    LIMIT);
              }
            });
  }

  private static void checkSum(int limit, StackConfig config, Problems problems) {
    var prices =
        config.nodes().values().stream()
            .map(NodeConfig::monthlyPriceNok)
            .flatMap(Optional::stream)
            .toList();
    var sum = prices.stream().mapToLong(Integer::longValue).sum();
    if (sum > limit) {
      problems.add(
          LIMIT,
          "%s NOK a month exceeds %d"
              .formatted(
                  prices.size() == 1
                      ? sum
                      : prices.stream().map(String::valueOf).collect(Collectors.joining(" + "))
                          + " = "
                          + sum,
                  limit),
          "raise it or remove nodes",
          config.nodes().keySet().stream()
              .map(name -> NODES.key(name).key("monthlyPriceNok"))
              .toArray(KeyPath[]::new));
    }
  }
}
