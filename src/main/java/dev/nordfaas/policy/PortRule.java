package dev.nordfaas.policy;

import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.host.PortRange;
import dev.nordfaas.plan.Listener;
import dev.nordfaas.plan.Listener.ChosenBy;
import dev.nordfaas.plan.Plan;

/** A port that a key chooses is one that nothing else of the platform listens on there. */
final class PortRule implements Rule {
  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    for (var listener : plan.listeners()) {
      listener
          .key()
          .ifPresent(
              key ->
                  plan.listeners().stream()
                      .filter(listener::collidesWith)
                      .forEach(other -> refuse(listener, key, other, problems)));
    }
  }

  private static void refuse(Listener chosen, ChosenBy key, Listener other, Problems problems) {
    problems.add(
        key.path(),
        "%s is taken %s by %s".formatted(chosen.ports(), chosen.place().where(), named(other)),
        "use a free port, such as %d".formatted(key.example()),
        other.key().map(ChosenBy::path).stream().toArray(KeyPath[]::new));
  }

  private static String named(Listener listener) {
    PortRange ports = listener.ports();
    return ports.first() == ports.last()
        ? listener.owner()
        : "%s (%s)".formatted(listener.owner(), ports);
  }
}
