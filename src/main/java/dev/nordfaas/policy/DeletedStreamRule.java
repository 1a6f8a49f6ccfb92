package dev.nordfaas.policy;

import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.nats.JetStreamPlan;
import dev.nordfaas.plan.Plan;

/** Only a stream that is no longer in the config is deleted. */
final class DeletedStreamRule implements Rule {
  private static final KeyPath DELETED = KeyPath.of("nats", "deleteStreams");

  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    var planned = JetStreamPlan.streams(config.nats());
    var deleted = config.nats().deleteStreams();
    for (var i = 0; i < deleted.size(); i++) {
      if (planned.contains(deleted.get(i))) {
        problems.add(
            DELETED.index(i),
            "stream %s is still in use".formatted(deleted.get(i)),
            "remove it here, or from nats.streams",
            KeyPath.of("nats", "streams"));
      }
    }
  }
}
