package dev.nordfaas.config;

import java.util.Optional;

/** Where the datacenter is and what it is for. */
public record DatacenterConfig(
    @Key(
            value =
                "Short name of the datacenter; the names of the cluster and its resources begin with it.",
            pattern = Patterns.DNS_LABEL,
            hint = Patterns.DNS_LABEL_HINT,
            example = "oslo")
        String name,
    @Key(
            value =
                "Country where the data stays, as ISO 3166-1 alpha-2 code, in quotes: some YAML parsers read a bare NO as false. Only NO is on the allow-list.",
            pattern = Patterns.COUNTRY,
            hint = Patterns.COUNTRY_HINT,
            example = "\"NO\"")
        String country,
    @Key(
            value =
                "What the datacenter is for. production refuses what is only allowed for trials.",
            defaultValue = "production")
        Environment environment,
    @Key(
            value = "DNS name under which the edge serves the functions.",
            pattern = DomainName.PATTERN,
            hint = DomainName.HINT,
            example = "faas.oslo.example.no")
        DomainName domain,
    @Key(
            value =
                "Maximum sum of the nodes' monthlyPriceNok, in NOK a month; a preview that exceeds it fails.",
            min = 1,
            max = 100_000_000)
        Optional<Integer> monthlyCostLimitNok) {

  /** What a datacenter is for. */
  public enum Environment {
    PRODUCTION,
    STAGING,
    DEVELOPMENT
  }
}
