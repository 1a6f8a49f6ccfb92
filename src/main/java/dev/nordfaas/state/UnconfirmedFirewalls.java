package dev.nordfaas.state;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Firewalls that a killed run loaded and had not yet confirmed, in what {@code pulumi stack export}
 * prints. After two minutes their host is back at the old rules, while the state says that the new
 * ones are loaded: only confirming them would fail.
 */
final class UnconfirmedFirewalls {
  private static final String CONFIRM = "-confirm";
  private static final String FIREWALL = "-firewall";

  private UnconfirmedFirewalls() {}

  /**
   * Makes the state say that these hosts were given no rules, so that the next {@code up} loads
   * them again, which changes nothing where they are still there.
   */
  static void loadAgain(JsonNode export) {
    var confirming = new HashSet<String>();
    for (var operation : export.at("/deployment/pending_operations")) {
      confirming.add(operation.at("/resource/urn").asString(""));
    }
    var rules = new HashMap<String, String>();
    for (var resource : export.at("/deployment/resources")) {
      rules.put(urn(resource), resource.at("/inputs/stdin").asString(""));
    }
    for (var resource : export.at("/deployment/resources")) {
      var confirm = urn(resource) + CONFIRM;
      // Killed between the two, nothing is pending: the rules that were confirmed last are others.
      if (urn(resource).endsWith(FIREWALL)
          && (confirming.contains(confirm)
              || !Objects.equals(rules.get(urn(resource)), rules.get(confirm)))) {
        for (var values : new String[] {"inputs", "outputs"}) {
          if (resource.path(values) instanceof ObjectNode known) {
            known.put("stdin", "");
          }
        }
      }
    }
  }

  private static String urn(JsonNode resource) {
    return resource.path("urn").asString("");
  }
}
