package dev.nordfaas.graph;

import java.util.List;

/**
 * One end of connections, as the picture names it.
 *
 * @param label unique
 * @param members the workloads, {@code namespace/name}, or the networks outside that it stands for:
 *     all of them connect to the same and are connected to by the same
 */
record Party(String label, List<String> members) {
  Party {
    members = List.copyOf(members);
  }
}
