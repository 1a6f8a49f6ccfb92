package dev.nordfaas.policy;

import dev.nordfaas.config.KeyPath;
import dev.nordfaas.config.Problems;
import dev.nordfaas.config.Rule;
import dev.nordfaas.config.StackConfig;
import java.util.Arrays;

/** Data stays in the countries of the allow-list. */
final class ResidencyRule implements Rule {

  /**
   * The countries where a datacenter may be, by ISO 3166-1 alpha-2 code. To add one is a decision
   * on data protection: since Schrems II (C-311/18) a transfer out of the EEA has to be assessed
   * case by case, and the whole promise of nordfaas is that there is none.
   */
  enum Country {
    NO
  }

  @Override
  public void check(StackConfig config, Problems problems) {
    var country = config.datacenter().country();
    if (Arrays.stream(Country.values()).noneMatch(allowed -> allowed.name().equals(country))) {
      problems.add(
          KeyPath.of("datacenter", "country"),
          "\"%s\" is not on the allow-list: since Schrems II, data that leaves the EEA needs safeguards of its own, so it stays in Norway"
              .formatted(country),
          "use \"NO\"");
    }
  }
}
