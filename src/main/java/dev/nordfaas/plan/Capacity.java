package dev.nordfaas.plan;

import dev.nordfaas.config.StackConfig;
import dev.nordfaas.manifest.Requests;
import java.util.ArrayList;
import java.util.List;

/**
 * What each node offers to pods, and what the pods ask of it that run at the start: placed one by
 * one, each on the node with most left. Kubernetes may place them otherwise; the sums are the same.
 *
 * @param nodes those that take pods, in the order of the config
 * @param unplaced how many pods have found no node
 */
public record Capacity(List<OfNode> nodes, int unplaced) {
  /** Copies the list. */
  public Capacity {
    nodes = List.copyOf(nodes);
  }

  /**
   * One node.
   *
   * @param name its name
   * @param available what it offers to pods
   * @param asked what those on it request
   */
  public record OfNode(String name, Requests available, Requests asked) {
    /** What is left. */
    public Requests left() {
      return available.minus(asked);
    }
  }

  static Capacity of(StackConfig config, List<Pods> pods) {
    var offers = Room.offers(config);
    var room = new Room(offers);
    var unplaced = 0;
    for (var workload : Turns.atStart(pods)) {
      unplaced += workload.replicas() - room.place(workload, workload.replicas());
    }
    var left = room.leftOnNodes();
    var nodes = new ArrayList<OfNode>();
    offers.forEach(
        (name, offer) ->
            nodes.add(new OfNode(name, offer, offer.minus(left.getOrDefault(name, offer)))));
    return new Capacity(nodes, unplaced);
  }

  /** What is asked of all nodes together. */
  public Requests asked() {
    return nodes.stream().map(OfNode::asked).reduce(Requests.NONE, Requests::plus);
  }
}
