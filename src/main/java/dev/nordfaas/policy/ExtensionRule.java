package dev.nordfaas.policy;

import dev.nordfaas.config.PostgresConfig;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.plan.Plan;
import dev.nordfaas.postgres.Extension;
import java.util.List;

/** The extensions of the databases can work. {@link Extension} knows which cannot. */
final class ExtensionRule implements Rule {
  private static final KeyPath POSTGRES = KeyPath.of("postgres");

  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    var postgres = config.postgres();
    postgres
        .databases()
        .forEach(
            (name, database) ->
                check(
                    POSTGRES.key("databases").key(name).key("extensions"),
                    database.extensions(),
                    postgres,
                    problems));
  }

  private static void check(
      KeyPath path, List<String> extensions, PostgresConfig postgres, Problems problems) {
    for (var i = 0; i < extensions.size(); i++) {
      var key = path.index(i);
      Extension.refusal(extensions.get(i), postgres.image())
          .ifPresent(
              refusal -> problems.add(key, refusal.reason(), refusal.fix(), POSTGRES.key("image")));
      if (postgres.highAvailability() && extensions.get(i).equals(Extension.STATEMENTS)) {
        problems.add(
            key,
            "%s is loaded by the single instance only, not by CloudNativePG, which highAvailability uses"
                .formatted(Extension.STATEMENTS),
            "remove it",
            POSTGRES.key("highAvailability"));
      }
    }
  }
}
