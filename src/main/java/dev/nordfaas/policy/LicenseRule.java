package dev.nordfaas.policy;

import dev.nordfaas.config.DatacenterConfig.Environment;
import dev.nordfaas.config.OpenFaasConfig;
import dev.nordfaas.config.OpenFaasConfig.Edition;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.plan.License;
import dev.nordfaas.plan.Plan;
import java.util.Optional;

/**
 * The stack complies with the license of its OpenFaaS edition. An image's name does not show
 * whether it is private, but a login for its registry does: the Community Edition only allows
 * public images.
 */
final class LicenseRule implements Rule {
  private static final String COMMUNITY_IMAGES = "/openfaas/";
  private static final String STANDARD_IMAGES = "/openfaasltd/";
  private static final KeyPath OPENFAAS = KeyPath.of("openfaas");
  private static final KeyPath EDITION = OPENFAAS.key("edition");

  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    if (config.openfaas().edition() == Edition.COMMUNITY) {
      checkAccepted(config, problems);
      checkLimits(config, problems);
      checkStandardOnly(config.openfaas(), problems);
    } else if (config.openfaas().edition() == Edition.STANDARD
        && config.openfaas().license().isEmpty()) {
      problems.add(
          OPENFAAS.key("license"),
          "is missing, but the standard edition requires it",
          "set it with `pulumi config set --secret --path 'nordfaas:openfaas.license'`",
          EDITION);
    }
    if (config.openfaas().hasGateway()) {
      checkImage("gateway", config.openfaas().gateway().image(), config.openfaas(), problems);
      checkImage("provider", config.openfaas().provider().image(), config.openfaas(), problems);
    }
  }

  private static void checkStandardOnly(OpenFaasConfig openfaas, Problems problems) {
    for (var registry : openfaas.registries().keySet()) {
      problems.add(
          OPENFAAS.key("registries").key(registry),
          "is a login for private images, but the Community Edition only allows public ones",
          "remove it or set openfaas.edition to standard",
          EDITION);
    }
    if (openfaas.jetstream().isPresent()) {
      problems.add(
          OPENFAAS.key("jetstream"),
          "the Community Edition has no JetStream; its own queue is lost on restart",
          "remove it or set openfaas.edition to standard",
          EDITION);
    }
  }

  /** A mirror keeps the last folder of the vendor's name, which shows the edition. */
  private static void checkImage(
      String part, Optional<String> image, OpenFaasConfig openfaas, Problems problems) {
    var other = openfaas.edition() == Edition.COMMUNITY ? STANDARD_IMAGES : COMMUNITY_IMAGES;
    image
        .filter(name -> name.contains(other))
        .ifPresent(
            name ->
                problems.add(
                    OPENFAAS.key(part).key("image"),
                    "%s is from the %s edition"
                        .formatted(name, other.equals(STANDARD_IMAGES) ? "standard" : "community"),
                    "use an image of the edition that openfaas.edition names, or remove the key",
                    EDITION));
  }

  private static void checkAccepted(StackConfig config, Problems problems) {
    if (config.datacenter().environment() == Environment.PRODUCTION
        && !config.openfaas().acceptCommunityEdition()) {
      problems.add(
          EDITION,
          "the Community Edition allows at most %d days of commercial use"
              .formatted(License.COMMUNITY_DAYS),
          "use standard, or set acceptCommunityEdition to true for an evaluation",
          KeyPath.of("datacenter", "environment"),
          OPENFAAS.key("acceptCommunityEdition"));
    }
  }

  private static void checkLimits(StackConfig config, Problems problems) {
    var functions = config.functions();
    if (functions.size() > License.COMMUNITY_FUNCTIONS) {
      problems.add(
          KeyPath.of("functions"),
          "%d functions exceed the Community Edition's limit of %d"
              .formatted(functions.size(), License.COMMUNITY_FUNCTIONS),
          "remove %d or set openfaas.edition to standard"
              .formatted(functions.size() - License.COMMUNITY_FUNCTIONS),
          EDITION);
    }
    functions.forEach(
        (name, function) -> {
          if (function.scale().max() > License.COMMUNITY_REPLICAS) {
            problems.add(
                KeyPath.of("functions", name, "scale", "max"),
                "%d replicas exceed the Community Edition's limit of %d"
                    .formatted(function.scale().max(), License.COMMUNITY_REPLICAS),
                "use %d or less or set openfaas.edition to standard"
                    .formatted(License.COMMUNITY_REPLICAS),
                EDITION);
          }
        });
  }
}
