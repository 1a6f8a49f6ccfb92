package dev.nordfaas.policy;

import dev.nordfaas.config.NodeConfig;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.plan.Plan;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Some node has the labels that a function's nodeSelector asks for. */
final class NodeSelectorRule implements Rule {
  private static final KeyPath NODES = KeyPath.of("nodes");

  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    plan.pods().stream()
        .flatMap(workload -> workload.pinned().stream())
        .filter(pinned -> pinned.nodes().isEmpty())
        .forEach(
            pinned ->
                problems.add(
                    pinned.path(),
                    "no node has %s%s, so its pods would never start"
                        .formatted(labels(pinned.selector()), tainted(config)),
                    "add what is missing to nodes.<name>.labels, or change it",
                    NODES));
  }

  private static String tainted(StackConfig config) {
    return config.nodes().values().stream().allMatch(NodeConfig::takesPods)
        ? ""
        : " and no taint that keeps pods away";
  }

  private static String labels(Map<String, String> selector) {
    return new TreeMap<>(selector)
        .entrySet().stream()
            .map(label -> label.getKey() + "=" + label.getValue())
            .collect(Collectors.joining(" and "));
  }
}
