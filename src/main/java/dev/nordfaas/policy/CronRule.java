package dev.nordfaas.policy;

import com.cronutils.model.definition.CronDefinition;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.parser.CronParser;
import dev.nordfaas.config.Durations;
import dev.nordfaas.config.FunctionConfig.CronTrigger;
import dev.nordfaas.config.KeyPath;
import dev.nordfaas.config.Problems;
import dev.nordfaas.config.Rule;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.function.CronTriggers;
import java.time.Duration;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Kubernetes and K3s take the schedules, and every CronJob has a name of its own. */
final class CronRule implements Rule {
  private static final Duration MIN_DEADLINE = Duration.ofSeconds(10);
  private static final Duration MAX_DEADLINE = Duration.ofDays(1);

  /**
   * What robfig/cron, of the controller of CronJobs and of K3s, takes for a field in ParseStandard:
   * the parser here takes more, such as a step without what it steps through.
   */
  private static final Pattern FIELD =
      Pattern.compile("ITEM(,ITEM)*".replace("ITEM", "(\\*|\\w+(-\\w+)?)(/[0-9]+)?"));

  /** As the controller of CronJobs reads them: cron's five fields, and no 7 for Sunday. */
  private static final CronDefinition FIELDS =
      CronDefinitionBuilder.defineCron()
          .withMinutes()
          .withStrictRange()
          .and()
          .withHours()
          .withStrictRange()
          .and()
          .withDayOfMonth()
          .withStrictRange()
          .and()
          .withMonth()
          .withStrictRange()
          .and()
          .withDayOfWeek()
          .withValidRange(0, 6)
          .withMondayDoWValue(1)
          .withStrictRange()
          .and()
          .instance();

  @Override
  public void check(StackConfig config, Problems problems) {
    var owners = new HashMap<String, KeyPath>();
    config
        .functions()
        .forEach(
            (function, it) ->
                it.cron()
                    .forEach(
                        (name, trigger) -> {
                          var path = KeyPath.of("functions", function, "cron", name);
                          checkName(CronTriggers.name(function, name), path, owners, problems);
                          checkTrigger(trigger, path, problems);
                        }));
  }

  private static void checkName(
      String cronJob, KeyPath path, Map<String, KeyPath> owners, Problems problems) {
    if (cronJob.length() > CronTriggers.MAX_NAME) {
      problems.add(
          path,
          "its CronJob would be named %s, which has %d characters, and Kubernetes takes %d"
              .formatted(cronJob, cronJob.length(), CronTriggers.MAX_NAME),
          "choose a shorter name");
    }
    var owner = owners.putIfAbsent(cronJob, path);
    if (owner != null) {
      problems.add(
          path,
          "its CronJob would be named %s, as that of another trigger".formatted(cronJob),
          "choose another name",
          owner);
    }
  }

  private static void checkTrigger(CronTrigger trigger, KeyPath path, Problems problems) {
    checkSchedule(trigger.schedule(), path.key("schedule"), problems);
    if (!ZoneId.getAvailableZoneIds().contains(trigger.timezone())) {
      problems.add(
          path.key("timezone"),
          "there is no time zone " + trigger.timezone(),
          "use one of the IANA database, such as Europe/Oslo");
    }
    var deadline = trigger.startingDeadline();
    if (deadline.compareTo(MIN_DEADLINE) < 0 || deadline.compareTo(MAX_DEADLINE) > 0) {
      problems.add(
          path.key("startingDeadline"),
          Durations.format(deadline) + " is out of range",
          "use %s to %s".formatted(Durations.format(MIN_DEADLINE), Durations.format(MAX_DEADLINE)));
    }
  }

  /** Adds a problem if Kubernetes or K3s would not take the schedule. */
  static void checkSchedule(String schedule, KeyPath path, Problems problems) {
    whyNot(schedule)
        .ifPresent(
            reason ->
                problems.add(
                    path,
                    "\"%s\" is no schedule: %s".formatted(schedule, reason),
                    "write minute, hour, day of the month, month and day of the week, such as \"30 2 * * *\""));
  }

  private static Optional<String> whyNot(String schedule) {
    for (var field : schedule.strip().split("\\s+")) {
      if (!FIELD.matcher(field).matches()) {
        return Optional.of("\"%s\" is no field of one".formatted(field));
      }
    }
    try {
      new CronParser(FIELDS).parse(schedule).validate();
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }
}
