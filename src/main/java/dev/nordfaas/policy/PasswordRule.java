package dev.nordfaas.policy;

import dev.nordfaas.config.Durations;
import dev.nordfaas.config.FunctionConfig.DatabaseAccess;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.plan.Plan;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;

/** The previous password stays valid during the rollout of the next one, and validUntil exists. */
final class PasswordRule implements Rule {
  private static final Duration MIN_OVERLAP = Duration.ofMinutes(1);
  private static final Duration MAX_OVERLAP = Duration.ofDays(30);

  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    config
        .functions()
        .forEach(
            (name, function) ->
                function
                    .database()
                    .ifPresent(
                        access ->
                            check(
                                access,
                                function.rolloutTimeout(),
                                KeyPath.of("functions", name),
                                problems)));
  }

  private static void check(
      DatabaseAccess access, Duration rolloutTimeout, KeyPath function, Problems problems) {
    var database = function.key("database");
    var overlap = access.passwordOverlap();
    if (overlap.compareTo(MIN_OVERLAP) < 0 || overlap.compareTo(MAX_OVERLAP) > 0) {
      problems.add(
          database.key("passwordOverlap"),
          "%s is out of range".formatted(Durations.format(overlap)),
          "use 1m to 30d");
    } else if (access.passwordVersion() > 1 && overlap.compareTo(rolloutTimeout) <= 0) {
      problems.add(
          database.key("passwordOverlap"),
          "%s may end before the pods with the new password are ready, which may take rolloutTimeout %s"
              .formatted(Durations.format(overlap), Durations.format(rolloutTimeout)),
          "choose a longer one",
          function.key("rolloutTimeout"));
    }
    access
        .validUntil()
        .filter(text -> !isInstant(text))
        .ifPresent(
            text ->
                problems.add(
                    database.key("validUntil"),
                    "%s is not a valid date and time".formatted(text),
                    "use one that exists"));
  }

  private static boolean isInstant(String text) {
    try {
      Instant.parse(text);
      return true;
    } catch (DateTimeParseException e) {
      return false;
    }
  }
}
