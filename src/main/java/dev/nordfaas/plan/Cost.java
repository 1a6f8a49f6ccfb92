package dev.nordfaas.plan;

import dev.nordfaas.config.StackConfig;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the nodes cost, in NOK a month.
 *
 * @param prices the price of each node that has one, in the order of the config
 * @param unpriced the nodes without a price
 * @param limit what they may cost together
 */
public record Cost(Map<String, Integer> prices, List<String> unpriced, Optional<Integer> limit) {
  /** Copies the collections, in their order. */
  public Cost {
    prices = Collections.unmodifiableMap(new LinkedHashMap<>(prices));
    unpriced = List.copyOf(unpriced);
  }

  static Cost of(StackConfig config) {
    var prices = new LinkedHashMap<String, Integer>();
    var unpriced = new ArrayList<String>();
    config
        .nodes()
        .forEach(
            (name, node) ->
                node.monthlyPriceNok()
                    .ifPresentOrElse(price -> prices.put(name, price), () -> unpriced.add(name)));
    return new Cost(prices, unpriced, config.datacenter().monthlyCostLimitNok());
  }

  /** The sum of the prices. */
  public long sum() {
    return prices.values().stream().mapToLong(Integer::longValue).sum();
  }
}
