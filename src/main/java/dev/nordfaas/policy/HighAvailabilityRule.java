package dev.nordfaas.policy;

import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.plan.Plan;
import dev.nordfaas.postgres.Postgres;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the CloudNativePG operator requires. */
final class HighAvailabilityRule implements Rule {
  private static final KeyPath POSTGRES = KeyPath.of("postgres");
  private static final KeyPath HIGH_AVAILABILITY = POSTGRES.key("highAvailability");

  /** The operator starts its own program in these images, and relies on their layout. */
  private static final Pattern OPERATORS_IMAGE = Pattern.compile("[^@]*/cloudnative-pg/.*");

  /** CVE-2026-44477: fixed in operator 1.29.1, which this is the first chart of. */
  private static final Integer[] OLDEST_CHART = {0, 28, 1};

  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    var postgres = config.postgres();
    if (!postgres.highAvailability()) {
      return;
    }
    var instances = Postgres.instances(postgres);
    var nodes = Nodes.takingPods(config).size();
    if (config.k3s().existing().isEmpty() && nodes < instances) {
      problems.add(
          HIGH_AVAILABILITY,
          "%d instances need a node each, but there %s".formatted(instances, Nodes.count(config)),
          "add nodes or set it to false",
          KeyPath.of("nodes"));
    }
    checkImage(
        POSTGRES.key("image"),
        postgres.image(),
        "ghcr.io/cloudnative-pg/postgresql:17.9-system-bookworm",
        problems);
    checkImage(
        POSTGRES.key("pooler").key("image"),
        postgres.pooler().image(),
        "ghcr.io/cloudnative-pg/pgbouncer:1.25.1",
        problems);
    checkChart(postgres.operator().chartVersion(), problems);
    checkExporter(POSTGRES, postgres.exporterImage(), Postgres.METRICS_PORT, problems);
    checkExporter(
        POSTGRES.key("pooler"),
        postgres.pooler().exporterImage(),
        Postgres.POOLER_METRICS_PORT,
        problems);
  }

  private static void checkChart(String version, Problems problems) {
    var parts = Stream.of(version.split("[.]")).map(Integer::valueOf).toArray(Integer[]::new);
    if (Arrays.compare(parts, OLDEST_CHART) < 0) {
      problems.add(
          POSTGRES.key("operator").key("chartVersion"),
          "the operator of chart %s lets the owner of a database become the administrator (CVE-2026-44477)"
              .formatted(version),
          "use 0.28.1 or newer");
    }
  }

  private static void checkExporter(
      KeyPath owner, Optional<String> image, int port, Problems problems) {
    if (image.isPresent()) {
      problems.add(
          owner.key("exporterImage"),
          "CloudNativePG, which highAvailability uses, has its own metrics on port %d"
              .formatted(port),
          "remove it",
          HIGH_AVAILABILITY);
    }
  }

  private static void checkImage(KeyPath path, String image, String fix, Problems problems) {
    if (!OPERATORS_IMAGE.matcher(image).matches()) {
      problems.add(
          path,
          "%s is not made for CloudNativePG, which highAvailability uses".formatted(image),
          "use an image from .../cloudnative-pg/..., such as " + fix,
          HIGH_AVAILABILITY);
    }
  }
}
