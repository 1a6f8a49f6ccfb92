package dev.nordfaas.policy;

import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.plan.Plan;

/** Most of the servers have to be there: without them etcd, and so the API, answers nobody. */
final class AwayRule implements Rule {
  private static final KeyPath NODES = KeyPath.of("nodes");
  private static final String AWAY = "away";

  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    if (config.k3s().existing().isPresent()) {
      return;
    }
    var servers = config.servers();
    var away = servers.values().stream().filter(server -> server.away()).count();
    if (away > 0 && away * 2 >= servers.size()) {
      problems.add(
          NODES,
          "%d of %d servers are away, and without most of them etcd stands still"
              .formatted(away, servers.size()),
          "bring one back; if none comes back, restore a snapshot (docs/runbook.md)");
    }
    config
        .nodes()
        .forEach(
            (name, node) -> {
              if (node.away()) {
                problems.warn(
                    NODES.key(name).key(AWAY),
                    "%s stays as it is, and what changes there waits".formatted(name),
                    "once it is back, remove this and run up");
              }
            });
  }
}
