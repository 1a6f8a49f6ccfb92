package dev.nordfaas.policy;

import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.function.RequestSchema;
import dev.nordfaas.plan.Plan;

/** The routes' JSON Schemas exist. */
final class SchemaRule implements Rule {

  /** The schemas are in one environment variable, which Linux limits to 128 KiB. */
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
          "have %d KiB of schemas, above the limit of %d KiB".formatted(sum >> 10, MAX_BYTES >> 10),
          "shorten or remove some",
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
          "use a JSON Schema file, relative to the folder of Pulumi.yaml");
    }
  }
}
