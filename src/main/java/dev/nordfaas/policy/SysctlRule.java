package dev.nordfaas.policy;

import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.host.Conflict;
import dev.nordfaas.host.Conflict.Fight;
import dev.nordfaas.host.Sysctl;
import dev.nordfaas.host.SysctlProfile;
import dev.nordfaas.host.Sysctls;
import dev.nordfaas.plan.Plan;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** No two sysctls of a node conflict, and none breaks something that the cluster needs. */
final class SysctlRule implements Rule {
  private static final KeyPath HOST = KeyPath.of("host", "sysctls");

  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    var profile = Sysctls.ofProfile(config.host().sysctlProfile(), plan.listenedPorts());
    var values = new HashMap<String, String>();
    profile.forEach(sysctl -> values.put(sysctl.name(), sysctl.value()));

    var host = new Overrides(HOST, config.host().sysctls(), values);
    var checked = Stream.concat(profile.stream(), SysctlProfile.ofK3s().stream()).toList();
    host.check(checked, problems);
    config
        .nodes()
        .forEach(
            (name, node) ->
                new Overrides(
                        KeyPath.of("nodes", name, "sysctls"), node.sysctls(), host.effective())
                    .check(checked, problems));
  }

  /** The changes made by one map of the config. Other values are checked where they were set. */
  private record Overrides(KeyPath path, Map<String, String> values, Map<String, String> before) {
    Map<String, String> effective() {
      var effective = new HashMap<>(before);
      values.forEach((name, value) -> effective.put(name, value.strip()));
      return effective;
    }

    void check(List<Sysctl> sysctls, Problems problems) {
      var effective = effective();
      for (var sysctl : sysctls) {
        for (var conflict : sysctl.conflicts()) {
          check(sysctl.name(), conflict, effective, problems);
        }
      }
    }

    private void check(
        String name, Conflict conflict, Map<String, String> effective, Problems problems) {
      var own = effective.get(name);
      var other = effective.get(conflict.with());
      if (own == null || other == null) {
        return;
      }
      var fight = conflict.between().apply(own, other);
      if (fight.isEmpty()) {
        return;
      }
      if (values.containsKey(name)) {
        report(name, own, conflict.with(), other, fight.get(), problems);
      } else if (values.containsKey(conflict.with())) {
        report(conflict.with(), other, name, own, fight.get(), problems);
      }
    }

    private void report(
        String key, String value, String other, String beside, Fight fight, Problems problems) {
      var reason =
          key.equals(other)
              ? "%s %s".formatted(value, fight.reason())
              : "%s conflicts with %s = %s: %s".formatted(value, other, beside, fight.reason());
      problems.add(
          path.key(key),
          reason,
          fight.fix(),
          path.key(other),
          HOST.key(other),
          KeyPath.of("ssh", "port"),
          KeyPath.of("postgres", "pooler", "port"));
    }
  }
}
