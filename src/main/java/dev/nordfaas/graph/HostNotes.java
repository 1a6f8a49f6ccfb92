package dev.nordfaas.graph;

import dev.nordfaas.config.Cidr;
import dev.nordfaas.plan.Listener.Place;
import dev.nordfaas.plan.Plan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;

/** What the hosts themselves let in, and where they listen. */
final class HostNotes {
  private HostNotes() {}

  /** Nothing of a cluster that exists already: its hosts are not ours. */
  static List<String> of(Plan plan) {
    var config = plan.config();
    if (config.k3s().existing().isPresent()) {
      return List.of();
    }
    var firewall = config.host().firewall();
    return List.of(
        "The hosts let in 80 and 443 from any address, %d (SSH) from %s, 6443 (Kubernetes API) from %s, and one another."
            .formatted(config.ssh().port(), text(firewall.sshCidrs()), text(firewall.apiCidrs())),
        ports(plan));
  }

  private static String ports(Plan plan) {
    var owners = new LinkedHashMap<String, List<String>>();
    plan.listeners().stream()
        .filter(listener -> listener.place().equals(Place.HOSTS))
        .forEach(
            listener ->
                owners
                    .computeIfAbsent(listener.owner(), owner -> new ArrayList<>())
                    .add(listener.ports().toString().replace('-', '–')));
    return owners.entrySet().stream()
        .map(owner -> String.join(", ", owner.getValue()) + " " + owner.getKey())
        .collect(Collectors.joining("; ", "Ports of the hosts: ", "."));
  }

  private static String text(List<Cidr> networks) {
    return networks.stream().map(Cidr::text).collect(Collectors.joining(", "));
  }
}
