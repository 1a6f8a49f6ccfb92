package dev.nordfaas.graph;

import dev.nordfaas.config.check.PatchedConfig;
import dev.nordfaas.plan.Plan;
import dev.nordfaas.testing.Fixtures;
import dev.nordfaas.testing.RecordingMocks;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;

/** Stacks that differ in what there is to draw. */
final class Stacks {
  private Stacks() {}

  static Stream<Named<Plan>> all() {
    var stacks = new TreeMap<String, Plan>();
    Fixtures.stacks().forEach(stack -> stacks.put(stack, Plan.of(Fixtures.config(stack))));
    stacks.put("without OpenFaaS", Plan.of(PatchedConfig.withoutOpenFaas()));
    stacks.put("40 functions", manyFunctions());
    stacks.put(
        "existing cluster", Plan.of(Fixtures.osloOnExistingCluster(RecordingMocks.KUBECONFIG)));
    stacks.put(
        "schedules and egress",
        patched(
            "oslo",
            """
            set:
              nordfaas:functions.order-status.cron: {nightly: {schedule: '0 3 * * *'}, hourly: {schedule: '0 * * * *'}}
              nordfaas:functions.order-status.egress:
                - {cidr: 0.0.0.0/0, port: 443}
                - {cidr: "::/0", port: 443}
                - {host: api.example.no, cidr: 203.0.113.0/24, port: 8443}
              nordfaas:functions.order-processor.queue.callbacks:
                - {host: hooks.example.no, cidr: 203.0.113.7/32}
            """));
    stacks.put("no functions", patched("oslo", "remove: [nordfaas:functions]"));
    stacks.put(
        "standard edition with its own queue",
        patched(
            "oslo",
            "set: {nordfaas:openfaas: {edition: standard, license: {secure: x}, jetstream: {},"
                + " prometheus: {}}}"));
    stacks.put(
        "long names",
        patched(
            "bergen",
            """
            set:
              nordfaas:functions.a-function-whose-name-is-as-long-as-names-can-be:
                image: ghcr.io/nordfaas/x:1
                nodeSelector: {kubernetes.io/hostname: bergen-4}
                http: {paths: [/a/path/that/is/longer/than/its/box/at/the/edge], auth: {public: true}}
              nordfaas:nodes.bergen-5.taints: ["dedicated=other:NoSchedule"]
            """));
    return stacks.entrySet().stream().map(stack -> Named.of(stack.getKey(), stack.getValue()));
  }

  static Plan patched(String stack, String patch) {
    return Plan.of(PatchedConfig.of(stack, patch));
  }

  /** Five nodes and 40 functions, some with http, a database, a schedule, a destination outside. */
  static Plan manyFunctions() {
    var functions = new StringBuilder("set:\n");
    for (var number = 1; number <= 38; number++) {
      functions.append(
          "  nordfaas:functions.function-number-%d: %s\n".formatted(number, function(number)));
    }
    return patched("bergen", functions.toString());
  }

  private static String function(int number) {
    var function = new TreeMap<String, Object>();
    function.put("image", "'ghcr.io/nordfaas/f:1'");
    function.put("scale", "{min: 1, max: %d}".formatted(1 + number % 4));
    if (number % 2 == 0) {
      function.put("http", "{auth: {public: true}}");
    }
    if (number % 4 == 0) {
      function.put("database", "{name: orders, poolSize: 1}");
    }
    if (number % 5 == 0) {
      function.put("metricsPort", 8081);
    }
    if (number % 7 == 0) {
      function.put("cron", "{nightly: {schedule: '30 2 * * *'}}");
    }
    if (number % 11 == 0) {
      function.put("egress", "[{cidr: 203.0.113.%d/32, port: 443}]".formatted(100 + number));
    }
    return function.entrySet().stream()
        .map(key -> key.getKey() + ": " + key.getValue())
        .collect(Collectors.joining(", ", "{", "}"));
  }
}
