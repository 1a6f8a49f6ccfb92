package dev.nordfaas.policy;

import dev.nordfaas.config.DatacenterConfig.Environment;
import dev.nordfaas.config.KeyPath;
import dev.nordfaas.config.OpenFaasConfig.Edition;
import dev.nordfaas.config.Problems;
import dev.nordfaas.config.Rule;
import dev.nordfaas.config.StackConfig;

/**
 * The edition of OpenFaaS may be used as it is used. Its third limit, public images only, cannot be
 * seen in a config: the Community Edition asks the registry.
 */
final class LicenseRule implements Rule {
  private static final int MAX_FUNCTIONS = 15;
  private static final int MAX_REPLICAS = 5;
  private static final KeyPath OPENFAAS = KeyPath.of("openfaas");
  private static final KeyPath EDITION = OPENFAAS.key("edition");

  @Override
  public void check(StackConfig config, Problems problems) {
    if (config.openfaas().edition() == Edition.COMMUNITY) {
      checkAccepted(config, problems);
      checkLimits(config, problems);
    } else if (config.openfaas().license().isEmpty()) {
      problems.add(
          OPENFAAS.key("license"),
          "is missing, and the standard edition needs it",
          "set it with `pulumi config set --secret --path 'nordfaas:openfaas.license'`",
          EDITION);
    }
  }

  private static void checkAccepted(StackConfig config, Problems problems) {
    if (config.datacenter().environment() == Environment.PRODUCTION
        && !config.openfaas().acceptCommunityEdition()) {
      problems.add(
          EDITION,
          "the Community Edition allows 60 days of commercial use at the most",
          "use standard, or set acceptCommunityEdition to true for an evaluation",
          KeyPath.of("datacenter", "environment"),
          OPENFAAS.key("acceptCommunityEdition"));
    }
  }

  private static void checkLimits(StackConfig config, Problems problems) {
    var functions = config.functions();
    if (functions.size() > MAX_FUNCTIONS) {
      problems.add(
          KeyPath.of("functions"),
          "%d functions exceed the Community Edition's limit of %d"
              .formatted(functions.size(), MAX_FUNCTIONS),
          "remove %d or set openfaas.edition to standard"
              .formatted(functions.size() - MAX_FUNCTIONS),
          EDITION);
    }
    functions.forEach(
        (name, function) -> {
          if (function.scale().max() > MAX_REPLICAS) {
            problems.add(
                KeyPath.of("functions", name, "scale", "max"),
                "%d replicas exceed the Community Edition's limit of %d"
                    .formatted(function.scale().max(), MAX_REPLICAS),
                "use %d or less or set openfaas.edition to standard".formatted(MAX_REPLICAS),
                EDITION);
          }
        });
  }
}
