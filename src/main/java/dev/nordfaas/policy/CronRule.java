package dev.nordfaas.policy;

import dev.nordfaas.config.CronSchedule;
import dev.nordfaas.config.Durations;
import dev.nordfaas.config.FunctionConfig.CronTrigger;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.function.CronTriggers;
import dev.nordfaas.plan.Plan;
import java.time.Duration;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;

/**
 * Kubernetes accepts the schedules of functions, every CronJob has a unique name, and every time
 * zone exists. The rules of backups and snapshots check their schedules here, too.
 */
final class CronRule implements Rule {
  private static final KeyPath HOST_TIME_ZONE = KeyPath.of("host", "timezone");

  /** Java's own, which neither Kubernetes nor a node has. */
  private static final String OF_JAVA = "SystemV/";

  private static final Duration MIN_DEADLINE = Duration.ofSeconds(10);
  private static final Duration MAX_DEADLINE = Duration.ofDays(1);

  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    checkTimeZone(config.host().timezone(), HOST_TIME_ZONE, problems);
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
          "its CronJob would be named %s, which has %d characters, but Kubernetes allows %d"
              .formatted(cronJob, cronJob.length(), CronTriggers.MAX_NAME),
          "choose a shorter name");
    }
    var owner = owners.putIfAbsent(cronJob, path);
    if (owner != null) {
      problems.add(
          path,
          "its CronJob would be named %s, like that of another trigger".formatted(cronJob),
          "choose another name",
          owner);
    }
  }

  private static void checkTrigger(CronTrigger trigger, KeyPath path, Problems problems) {
    checkSchedule(trigger.schedule(), path.key("schedule"), problems);
    checkTimeZone(trigger.timezone(), path.key("timezone"), problems);
    var deadline = trigger.startingDeadline();
    if (deadline.compareTo(MIN_DEADLINE) < 0 || deadline.compareTo(MAX_DEADLINE) > 0) {
      problems.add(
          path.key("startingDeadline"),
          Durations.format(deadline) + " is out of range",
          "use %s to %s".formatted(Durations.format(MIN_DEADLINE), Durations.format(MAX_DEADLINE)));
    }
  }

  private static void checkTimeZone(String zone, KeyPath path, Problems problems) {
    if (!ZoneId.getAvailableZoneIds().contains(zone) || zone.startsWith(OF_JAVA)) {
      problems.add(
          path,
          "there is no time zone " + zone,
          "use one from the IANA database, such as Europe/Oslo");
    }
  }

  /** Adds a problem if Kubernetes or K3s would not run the schedule. */
  static void checkSchedule(String schedule, KeyPath path, Problems problems) {
    try {
      CronSchedule.check(schedule);
    } catch (IllegalArgumentException e) {
      problems.add(
          path,
          "\"%s\" is not a schedule: %s".formatted(schedule, e.getMessage()),
          "write minute, hour, day of the month, month and day of the week, such as \"30 2 * * *\"");
    }
  }
}
