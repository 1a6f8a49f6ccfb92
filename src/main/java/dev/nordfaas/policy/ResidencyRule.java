package dev.nordfaas.policy;

import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.plan.Party;
import dev.nordfaas.plan.Plan;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;

/** Data stays in the countries of the allow-list. */
final class ResidencyRule implements Rule {

  /**
   * The countries where a datacenter may be, by ISO 3166-1 alpha-2 code. Adding one is a data
   * protection decision: since Schrems II (C-311/18) a transfer out of the EEA has to be assessed
   * case by case, and the whole promise of nordfaas is that there is none.
   */
  enum Country {
    NO
  }

  /**
   * Stores and issuers of companies that are subject to the law of another country wherever their
   * disks are; for those from the USA that is the CLOUD Act. Not complete: it prevents the obvious
   * mistake.
   */
  private static final Set<String> ABROAD =
      Set.of(
          "amazonaws.com",
          "auth0.com",
          "azurecr.io",
          "backblazeb2.com",
          "cloudflarestorage.com",
          "digitaloceanspaces.com",
          "docker.io",
          "gcr.io",
          "ghcr.io",
          "google.com",
          "googleapis.com",
          "linodeobjects.com",
          "microsoftonline.com",
          "okta.com",
          "quay.io",
          "wasabisys.com",
          "windows.net");

  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    checkCountry(KeyPath.of("datacenter", "country"), config.datacenter().country(), problems);
    plan.parties().forEach(party -> checkParty(party, problems));
  }

  private static void checkParty(Party party, Problems problems) {
    party
        .country()
        .ifPresent(country -> checkCountry(party.path().key("country"), country, problems));
    var fix =
        party.kind() == Party.Kind.ISSUER
            ? "use keys instead, so that the edge asks nobody"
            : "use a store run by a company in Norway";
    party.hosts().forEach(host -> checkHost(host.path(), host.name(), fix, problems));
  }

  private static void checkCountry(KeyPath path, String country, Problems problems) {
    if (Arrays.stream(Country.values()).noneMatch(allowed -> allowed.name().equals(country))) {
      problems.add(
          path,
          "\"%s\" is not on the allow-list: since Schrems II, data that leaves the EEA needs additional safeguards, so it stays in Norway"
              .formatted(country),
          "use \"NO\"");
    }
  }

  private static void checkHost(KeyPath path, String host, String fix, Problems problems) {
    var name = host.replaceFirst(":[0-9]+$", "").toLowerCase(Locale.ROOT);
    ABROAD.stream()
        .filter(domain -> name.equals(domain) || name.endsWith("." + domain))
        .forEach(
            domain ->
                problems.add(
                    path,
                    "%s is subject to the law of another country, wherever its disks are"
                        .formatted(domain),
                    fix));
  }
}
