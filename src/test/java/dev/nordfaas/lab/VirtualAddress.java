package dev.nordfaas.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** The virtual address of the edges: which node has it. */
final class VirtualAddress {
  private VirtualAddress() {}

  /** The node that has it. */
  static String node() {
    var nodes = Lab.eventually(VirtualAddress::nodes, found -> found.size() == 1);
    assertThat(nodes).as("nodes that have %s", ThreeServers.EDGE).hasSize(1);
    return nodes.get(0);
  }

  /** The nodes that have it; several for a moment, or none. */
  static List<String> nodes() {
    return ThreeServers.NAMES.stream()
        .filter(
            node ->
                Lab.inVpsOf(node, "ip", "-4", "-brief", "address")
                    .output()
                    .contains(" " + ThreeServers.EDGE + "/"))
        .toList();
  }

  /** Makes the node that has it give it to another. */
  static void giveAway(String node) {
    Lab.inVpsOf(node, "systemctl", "restart", "keepalived").ok();
    Lab.eventually(VirtualAddress::nodes, found -> found.size() == 1 && !found.contains(node));
  }
}
