package dev.nordfaas.policy;

import dev.nordfaas.config.KeyPath;
import dev.nordfaas.config.Problems;
import dev.nordfaas.config.Rule;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.function.RequestSchema;

/** The JSON Schemas that routes name are there. */
final class SchemaRule implements Rule {

  @Override
  public void check(StackConfig config, Problems problems) {
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
