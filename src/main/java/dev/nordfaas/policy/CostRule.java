package dev.nordfaas.policy;

import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.plan.Cost;
import dev.nordfaas.plan.Plan;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The nodes' prices add up to no more than the datacenter's limit. */
final class CostRule implements Rule {
  private static final KeyPath LIMIT = KeyPath.of("datacenter", "monthlyCostLimitNok");
  private static final KeyPath NODES = KeyPath.of("nodes");

  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    var cost = plan.cost();
    cost.limit()
        .ifPresent(
            limit -> {
              checkPrices(cost, problems);
              checkSum(limit, cost, problems);
            });
  }

  private static void checkPrices(Cost cost, Problems problems) {
    cost.unpriced()
        .forEach(
            node ->
                problems.add(
                    NODES.key(node).key("monthlyPriceNok"),
                    "is missing, but datacenter.monthlyCostLimitNok requires it",
                    "add the price of the VPS",
                    LIMIT));
  }

  private static void checkSum(int limit, Cost cost, Problems problems) {
    if (cost.sum() > limit) {
      problems.add(
          LIMIT,
          "%s NOK a month exceeds %d"
              .formatted(
                  cost.prices().size() == 1
                      ? cost.sum()
                      : cost.prices().values().stream()
                              .map(String::valueOf)
                              .collect(Collectors.joining(" + "))
                          + " = "
                          + cost.sum(),
                  limit),
          "raise it or remove nodes",
          Stream.concat(cost.prices().keySet().stream(), cost.unpriced().stream())
              .map(name -> NODES.key(name).key("monthlyPriceNok"))
              .toArray(KeyPath[]::new));
    }
  }
}
