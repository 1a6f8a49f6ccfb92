package dev.nordfaas.policy;

import dev.nordfaas.config.Cidr;
import dev.nordfaas.config.FunctionConfig;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.manifest.ClusterNetworks;
import dev.nordfaas.plan.Plan;
import java.util.List;

/**
 * Every destination outside the cluster has addresses, since network policies do not support names,
 * and they are outside: not those of nodes, pods or services, nor those of a provider's metadata.
 */
final class EgressRule implements Rule {

  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    var networks = plan.clusterNetworks();
    config
        .functions()
        .forEach(
            (name, function) ->
                checkFunction(KeyPath.of("functions", name), function, networks, problems));
    config
        .postgres()
        .backup()
        .flatMap(backup -> backup.repository().s3())
        .ifPresent(
            store -> {
              var path = KeyPath.of("postgres", "backup", "repository", "s3", "cidrs");
              checkOutside(path, store.cidrs(), networks, problems);
            });
    config
        .edge()
        .issuers()
        .forEach(
            (name, issuer) ->
                checkOutside(
                    KeyPath.of("edge", "issuers", name, "cidrs"),
                    issuer.cidrs(),
                    networks,
                    problems));
  }

  private static void checkOutside(
      KeyPath path, List<Cidr> cidrs, ClusterNetworks networks, Problems problems) {
    for (var i = 0; i < cidrs.size(); i++) {
      checkOutside(path.index(i), cidrs.get(i), networks, problems);
    }
  }

  private static void checkFunction(
      KeyPath function, FunctionConfig config, ClusterNetworks networks, Problems problems) {
    var egress = function.key("egress");
    for (var i = 0; i < config.egress().size(); i++) {
      var rule = config.egress().get(i);
      var path = egress.index(i);
      if (rule.network().isEmpty()) {
        problems.add(
            path.key("cidr"),
            rule.host()
                .map(host -> "is missing, and network policies cannot use the name " + host)
                .orElse("is missing, and so is host"),
            "add the network that the host is in, such as 203.0.113.0/24",
            path.key("host"));
      }
      var key = path.key(rule.cidr().isPresent() ? "cidr" : "host");
      rule.network().ifPresent(network -> checkOutside(key, network, networks, problems));
    }
    config
        .queue()
        .ifPresent(
            queue -> {
              var callbacks = function.key("queue").key("callbacks");
              for (var i = 0; i < queue.callbacks().size(); i++) {
                checkOutside(
                    callbacks.index(i).key("cidr"),
                    queue.callbacks().get(i).cidr(),
                    networks,
                    problems);
              }
            });
  }

  private static void checkOutside(
      KeyPath path, Cidr network, ClusterNetworks networks, Problems problems) {
    networks
        .around(network)
        .ifPresent(
            inside ->
                problems.add(
                    path,
                    "%s is within %s".formatted(network, inside.name()),
                    "use a network outside the cluster; of one that contains it, it is left out"));
  }
}
