package dev.nordfaas.state;

import java.util.HashSet;
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
    var loaded = new HashSet<String>();
    for (var operation : export.at("/deployment/pending_operations")) {
      var urn = operation.at("/resource/urn").asString("");
      if (urn.endsWith(FIREWALL + CONFIRM)) {
        loaded.add(urn.substring(0, urn.length() - CONFIRM.length()));
      }
    }
    for (var resource : export.at("/deployment/resources")) {
      if (loaded.contains(resource.path("urn").asString(""))) {
        for (var values : new String[] {"inputs", "outputs"}) {
          if (resource.path(values) instanceof ObjectNode known) {
            known.put("stdin", "");
          }
        }
      }
    }
  }
}
