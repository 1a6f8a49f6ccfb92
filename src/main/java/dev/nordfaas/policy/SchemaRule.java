package dev.nordfaas.policy;

import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.function.RequestSchema;
import dev.nordfaas.plan.Plan;

/** The JSON Schemas that routes name are there. */
final class SchemaRule implements Rule {

  /** The schemas are in one environment variable, of which Linux allows 128 KiB. */
  private static final int MAX_BYTES = 96 << 10;

  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    checkSum(config, problems);
    config
        .queueWorker()
        .intake()
        .routes()
        .forEach(
            (name, route) ->
                route
                    .schema()
                    .ifPresent(
                        file ->
                            checkSchema(
                                file,
                                KeyPath.of("queueWorker", "intake", "routes", name, "schema"),
                                problems)));
  }

  private static void checkSum(StackConfig config, Problems problems) {
    var routes = config.queueWorker().intake().routes();
    var sum =
        routes.values().stream()
            .flatMap(route -> route.schema().stream())
            .mapToLong(RequestSchema::size)
            .sum();
    if (sum > MAX_BYTES) {
      problems.add(
          KeyPath.of("queueWorker", "intake", "routes"),
          "have schemas of %d KiB, above %d KiB in all".formatted(sum >> 10, MAX_BYTES >> 10),
          "shorten or leave out some",
          routes.keySet().stream()
              .map(name -> KeyPath.of("queueWorker", "intake", "routes", name, "schema"))
              .toArray(KeyPath[]::new));
    }
  }

  private static void checkSchema(String file, KeyPath path, Problems problems) {
    try {
      RequestSchema.read(file);
    } catch (IllegalArgumentException e) {
      problems.add(
          path,
          "%s %s".formatted(file, e.getMessage()),
          "name a file with a JSON Schema, relative to the folder of Pulumi.yaml");
    }
  }
}
