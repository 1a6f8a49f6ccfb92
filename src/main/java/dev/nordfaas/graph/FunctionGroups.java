package dev.nordfaas.graph;

import dev.nordfaas.graph.Families.Family;
import dev.nordfaas.plan.Plan;
import java.util.List;
import java.util.stream.Collectors;

/** Names the functions, their workers and schedules that the table puts together. */
final class FunctionGroups {
  /** Of more, the box of functions does not name all. */
  private static final int NAMED = 13;

  private FunctionGroups() {}

  /** One paragraph for each group; those of one kind are only named where the picture does not. */
  static List<String> of(Plan plan, Connections connections) {
    return connections.parties().stream()
        .filter(party -> party.members().size() > 1)
        .filter(party -> isNumbered(party) || isLong(party, plan))
        .map(FunctionGroups::text)
        .toList();
  }

  private static boolean isNumbered(Party party) {
    for (var family : Family.values()) {
      if (party.label().matches(family.label() + " [0-9]+")) {
        return true;
      }
    }
    return false;
  }

  private static boolean isLong(Party party, Plan plan) {
    return plan.config().functions().size() > NAMED
        && party.label().equals(Family.FUNCTIONS.label());
  }

  private static String text(Party party) {
    return party.members().stream()
        .map(member -> member.substring(member.indexOf('/') + 1))
        .collect(Collectors.joining(", ", party.label() + ": ", ""));
  }
}
