package dev.nordfaas.policy;

import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.plan.Plan;
import java.util.Set;

/** etcd and JetStream decide by majority: an even number of servers only adds ways to fail. */
final class TopologyRule implements Rule {
  private static final Set<Integer> QUORUM_SIZES = Set.of(1, 3, 5);
  private static final KeyPath NODES = KeyPath.of("nodes");
  private static final KeyPath FIRST_SERVER = KeyPath.of("k3s", "firstServer");
  private static final KeyPath NATS_REPLICAS = KeyPath.of("nats", "replicas");

  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    if (config.k3s().existing().isEmpty()) {
      checkServers(config, problems);
    }
    checkNats(config, problems);
    checkStreams(config, problems);
  }

  private static void checkServers(StackConfig config, Problems problems) {
    var servers = config.servers().size();
    if (servers == 0) {
      problems.add(NODES, "has no server", "give at least one node the role server");
    } else if (!QUORUM_SIZES.contains(servers)) {
      problems.add(NODES, servers + " servers cannot form an etcd quorum", "use 1, 3 or 5 servers");
    }
    config
        .k3s()
        .firstServer()
        .filter(name -> !config.servers().containsKey(name))
        .ifPresent(
            name ->
                problems.add(
                    FIRST_SERVER,
                    "there is no server \"%s\"".formatted(name),
                    servers == 0
                        ? "remove it"
                        : "use " + String.join(" or ", config.servers().keySet()),
                    NODES));
  }

  private static void checkNats(StackConfig config, Problems problems) {
    var replicas = config.nats().replicas();
    var nodes = Nodes.takingPods(config).size();
    if (!QUORUM_SIZES.contains(replicas)) {
      problems.add(NATS_REPLICAS, replicas + " cannot form a JetStream quorum", "use 1, 3 or 5");
    } else if (replicas > nodes) {
      problems.add(
          NATS_REPLICAS,
          "%d replicas need a node each, but there %s".formatted(replicas, Nodes.count(config)),
          "add nodes or lower it",
          NODES);
    }
  }

  private static void checkStreams(StackConfig config, Problems problems) {
    var servers = config.nats().replicas();
    config
        .nats()
        .streams()
        .forEach(
            (name, stream) -> {
              var path = KeyPath.of("nats", "streams", name, "replicas");
              var copies = stream.replicas().orElse(1);
              if (!QUORUM_SIZES.contains(copies)) {
                problems.add(path, copies + " cannot form a quorum", "use 1, 3 or 5");
              } else if (copies > servers) {
                problems.add(
                    path,
                    "%d copies need %d NATS servers, but nats.replicas is %d"
                        .formatted(copies, copies, servers),
                    "lower it or raise nats.replicas",
                    NATS_REPLICAS);
              }
            });
  }
}
