package dev.nordfaas.policy;

import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.plan.Plan;

/** Every destination of a function has addresses: network policies do not support names. */
final class EgressRule implements Rule {

  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    config
        .functions()
        .forEach(
            (name, function) -> {
              var path = KeyPath.of("functions", name, "egress");
              for (var i = 0; i < function.egress().size(); i++) {
                var rule = function.egress().get(i);
                if (rule.network().isEmpty()) {
                  problems.add(
                      path.index(i).key("cidr"),
                      rule.host()
                          .map(
                              host ->
                                  "is missing, and network policies cannot use the name " + host)
                          .orElse("is missing, and so is host"),
                      "add the network that the host is in, such as 203.0.113.0/24",
                      path.index(i).key("host"));
                }
              }
            });
  }
}
