package dev.nordfaas.report;

import dev.nordfaas.plan.Capacity;
import dev.nordfaas.plan.Cost;
import dev.nordfaas.plan.Destination;
import dev.nordfaas.plan.License;
import dev.nordfaas.policy.CheckedPlan;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Everything about a change that somebody who approves it has to know.
 *
 * @param stack name of the stack
 * @param preview what the engine would do, if it was asked
 * @param capacity what the nodes offer, and what is asked of them
 * @param cost what they cost
 * @param destinations what leaves the cluster
 * @param license how it is within the license of OpenFaaS
 * @param findings what the rules warn of: the key, and the sentence
 * @param exemptions what would be refused without a key that allows it
 * @param comparison what was there before, if that is known
 * @param comparisonFailed whether there was something before that cannot be read any more
 */
record Report(
    String stack,
    Optional<Preview> preview,
    Capacity capacity,
    Cost cost,
    List<Destination> destinations,
    License license,
    List<String> findings,
    List<Exemption> exemptions,
    Optional<Comparison> comparison,
    boolean comparisonFailed) {
  Report {
    destinations = List.copyOf(destinations);
    findings = List.copyOf(findings);
    exemptions = List.copyOf(exemptions);
  }

  /** What the page compares with. */
  record Comparison(Capacity capacity, Cost cost, Set<Destination> destinations) {
    Comparison {
      destinations = Set.copyOf(destinations);
    }
  }

  static Report of(String stack, CheckedPlan checked, Optional<Preview> preview, Before before) {
    var plan = checked.plan();
    return new Report(
        stack,
        preview,
        plan.capacity(),
        plan.cost(),
        plan.destinations(),
        plan.license(),
        checked.warnings().stream().map(Object::toString).toList(),
        Exemption.of(plan.config()),
        before instanceof Before.Earlier earlier
            ? Optional.of(
                new Comparison(
                    earlier.plan().capacity(),
                    earlier.plan().cost(),
                    Set.copyOf(earlier.plan().destinations())))
            : Optional.empty(),
        before instanceof Before.Unusable);
  }

  /** Whether it was not there before; false if nobody knows. */
  boolean isNew(Destination destination) {
    return comparison.filter(it -> !it.destinations().contains(destination)).isPresent();
  }
}
