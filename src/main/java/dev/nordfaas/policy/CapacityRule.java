package dev.nordfaas.policy;

import dev.nordfaas.config.KeyPath;
import dev.nordfaas.config.NodeConfig;
import dev.nordfaas.config.Problems;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.plan.Plan;
import java.util.List;
import java.util.function.LongFunction;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What runs at start fits on the nodes, in sum and pod by pod.
 *
 * <p>Of each node, a tenth of the memory, at least 1 GiB, and half a CPU are kept for the operating
 * system, K3s and its own pods: nordfaas' choice, on the safe side of an idle K3s server's use.
 * Replicas beyond scale.min are not counted: an autoscaler that finds no room leaves pods pending,
 * which costs latency but breaks nothing.
 */
final class CapacityRule implements Rule {
  private static final long MIN_RESERVED_MEMORY = 1L << 30;
  private static final int RESERVED_MILLICORES = 500;
  private static final KeyPath NODES = KeyPath.of("nodes");

  private static final Resource MEMORY =
      new Resource(
          "memory",
          node -> node.memory().bytes() - Math.max(node.memory().bytes() / 10, MIN_RESERVED_MEMORY),
          workload -> workload.resources().requests().memory().bytes(),
          Amounts::size);

  private static final Resource CPU =
      new Resource(
          "cpu",
          node -> node.vcpu() * 1000L - RESERVED_MILLICORES,
          workload -> workload.resources().requests().cpu().millicores(),
          Amounts::cpu);

  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    MEMORY.check(config, problems);
    CPU.check(config, problems);
  }

  private record Resource(
      String key,
      ToLongFunction<NodeConfig> offer,
      ToLongFunction<Workload> request,
      LongFunction<String> text) {

    void check(StackConfig config, Problems problems) {
      var workloads = Workload.of(config);
      var offers =
          config.nodes().values().stream().mapToLong(node -> Math.max(0, offer.applyAsLong(node)));
      var offered = offers.summaryStatistics();
      for (var workload : workloads) {
        if (request.applyAsLong(workload) > offered.getMax()) {
          problems.add(
              workload.path().key("requests").key(key),
              "%s fits on no node: the largest has %s left for pods"
                  .formatted(
                      text.apply(request.applyAsLong(workload)), text.apply(offered.getMax())),
              "lower it or use a larger VPS",
              NODES);
          return;
        }
      }
      checkSum(workloads, offered.getSum(), problems);
    }

    private void checkSum(List<Workload> workloads, long offered, Problems problems) {
      var requested =
          workloads.stream()
              .mapToLong(workload -> workload.replicas() * request.applyAsLong(workload))
              .sum();
      if (requested > offered) {
        problems.add(
            NODES,
            "requests of %s %s exceed the %s that the nodes have left for pods: %s"
                .formatted(text.apply(requested), key, text.apply(offered), sum(workloads)),
            "add nodes or lower requests",
            workloads.stream()
                .flatMap(
                    workload ->
                        Stream.of(
                            workload.path().key("requests").key(key), workload.replicasPath()))
                .toArray(KeyPath[]::new));
      }
    }

    private String sum(List<Workload> workloads) {
      return workloads.stream()
          .map(
              workload ->
                  "%s %d × %s"
                      .formatted(
                          workload.name(),
                          workload.replicas(),
                          text.apply(request.applyAsLong(workload))))
          .collect(Collectors.joining(" + "));
    }
  }
}
