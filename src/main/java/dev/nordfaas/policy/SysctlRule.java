package dev.nordfaas.policy;

import dev.nordfaas.config.KeyPath;
import dev.nordfaas.config.Problems;
import dev.nordfaas.config.Rule;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.host.PortRange;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Overridden sysctls leave the cluster what it cannot do without. */
final class SysctlRule implements Rule {
  private static final String FORWARD = "net.ipv4.ip_forward";
  private static final String OVERCOMMIT = "vm.overcommit_memory";
  private static final String LOCAL_RANGE = "net.ipv4.ip_local_port_range";
  private static final String RESERVED = "net.ipv4.ip_local_reserved_ports";
  private static final PortRange NODE_PORTS = new PortRange(30000, 32767);
  private static final PortRange WIDE = new PortRange(1024, 65535);

  @Override
  public void check(StackConfig config, Problems problems) {
    var host = config.host().sysctls();
    checkOverrides(host, host, KeyPath.of("host", "sysctls"), config, problems);
    config
        .nodes()
        .forEach(
            (name, node) -> {
              var effective = new HashMap<>(host);
              effective.putAll(node.sysctls());
              checkOverrides(
                  node.sysctls(),
                  effective,
                  KeyPath.of("nodes", name, "sysctls"),
                  config,
                  problems);
            });
  }

  private static void checkOverrides(
      Map<String, String> overrides,
      Map<String, String> effective,
      KeyPath path,
      StackConfig config,
      Problems problems) {
    if ("0".equals(overrides.get(FORWARD))) {
      problems.add(
          path.key(FORWARD), "0 cuts the pods off from each other", "remove it or use \"1\"");
    }
    var overcommit = overrides.get(OVERCOMMIT);
    if (overcommit != null && !overcommit.equals("1")) {
      problems.add(
          path.key(OVERCOMMIT),
          "%s keeps the kubelet from starting".formatted(overcommit),
          "remove it or use \"1\"");
    }
    var reserved = overrides.get(RESERVED);
    if (reserved != null) {
      checkReserved(reserved, localRange(effective), path, config, problems);
    }
  }

  private static void checkReserved(
      String reserved, PortRange local, KeyPath path, StackConfig config, Problems problems) {
    var ranges = PortRange.parse(reserved);
    var missing =
        listened(config)
            .filter(local::overlaps)
            .filter(ports -> !ports.isCoveredBy(ranges))
            .map(PortRange::toString)
            .collect(Collectors.joining(","));
    if (!missing.isEmpty()) {
      problems.add(
          path.key(RESERVED),
          "leaves out ports that the platform listens on, so that an outgoing connection may take them",
          "add " + missing,
          path.key(LOCAL_RANGE),
          KeyPath.of("host", "sysctls").key(LOCAL_RANGE),
          KeyPath.of("postgres", "pooler", "port"));
    }
  }

  /** Kubernetes API, kubelet, NATS, PostgreSQL, PgBouncer, node ports. */
  private static Stream<PortRange> listened(StackConfig config) {
    return Stream.concat(
        Stream.of(4222, 5432, config.postgres().pooler().port(), 6443, 10250)
            .distinct()
            .sorted()
            .map(PortRange::of),
        Stream.of(NODE_PORTS));
  }

  /** The profile's range is wide; an override may be narrow enough to need no reserved ports. */
  private static PortRange localRange(Map<String, String> effective) {
    var range =
        PortRange.parse(effective.getOrDefault(LOCAL_RANGE, "").strip().replaceAll("\\s+", "-"));
    return range.isEmpty() ? WIDE : range.get(0);
  }
}
