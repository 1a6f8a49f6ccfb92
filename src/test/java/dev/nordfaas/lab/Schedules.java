package dev.nordfaas.lab;

import java.time.Duration;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** What the schedules of functions have called. */
final class Schedules {
  private Schedules() {}

  /**
   * The Jobs of a schedule with such an end; waits for the first one.
   *
   * @param cronJob name of the schedule's object
   * @param end {@code Complete} or {@code Failed}
   */
  static List<JsonNode> jobsOf(String cronJob, String end) {
    return Lab.eventually(
        Duration.ofSeconds(120),
        () ->
            Lab.objects("jobs", "--namespace=openfaas-fn").stream()
                .filter(
                    job ->
                        job.at("/metadata/ownerReferences/0/name").stringValue("").equals(cronJob))
                .filter(job -> job.at("/status/conditions").toString().contains("\"" + end + "\""))
                .toList(),
        jobs -> !jobs.isEmpty());
  }
}
