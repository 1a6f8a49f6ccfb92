package dev.nordfaas.graph;

import dev.nordfaas.plan.Flow;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What one party may open to another.
 *
 * @param ports TCP ports
 * @param own whether each member of the one only reaches the member of the other that is of the
 *     same function; otherwise each reaches all
 */
record Connection(Party from, Party to, SortedSet<Integer> ports, boolean own) {
  Connection {
    ports = new TreeSet<>(ports);
  }

  /** Such as {@code 8080, 8443}. */
  String portText() {
    return ports.stream().map(String::valueOf).collect(Collectors.joining(", "));
  }

  /** The flows of the plan that it stands for. */
  Stream<Flow> flows(Families families) {
    return from.members().stream()
        .flatMap(
            client ->
                to.members().stream()
                    .filter(server -> !own || families.areOfOneFunction(client, server))
                    .flatMap(server -> ports.stream().map(port -> new Flow(client, server, port))));
  }
}
