package dev.nordfaas.report;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What the engine's preview says.
 *
 * @param changes each resource that the engine names, in the order of its steps
 * @param unchanged how many stay as they are, whether it names them or not
 * @param reboots why which host has to be restarted, in the words of the program
 * @param failed whether the preview ended with an error, so that steps may be missing
 */
record Preview(List<Change> changes, int unchanged, List<String> reboots, boolean failed) {
  Preview {
    changes = List.copyOf(changes);
    reboots = List.copyOf(reboots);
  }

  /** How many resources there are of each operation. */
  Map<Operation, Integer> counts() {
    return counts(changes.stream());
  }

  static Map<Operation, Integer> counts(Stream<Change> changes) {
    var counts = new EnumMap<Operation, Integer>(Operation.class);
    changes.forEach(change -> counts.merge(change.operation(), 1, Integer::sum));
    return counts;
  }

  /** Those with one of the operations, in the order of these. */
  List<Change> with(Operation... operations) {
    return Stream.of(operations)
        .flatMap(operation -> changes.stream().filter(change -> change.operation() == operation))
        .toList();
  }

  List<Restart> restarts() {
    return changes.stream().flatMap(change -> change.restart().stream()).toList();
  }

  int unknown() {
    return changes.stream().mapToInt(Change::unknown).sum();
  }
}
