package dev.nordfaas.host;

import dev.nordfaas.config.HostConfig.SysctlProfileName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The sysctls of one node: the profile's, then the host's, then the node's own; later wins. */
public final class Sysctls {
  /** Where a node keeps them; sorts after what distributions ship, so it wins. */
  public static final String PATH = "/etc/sysctl.d/99-serverless-tuning.conf";

  /** Ports that no outgoing connection may take. */
  public static final String RESERVED = "net.ipv4.ip_local_reserved_ports";

  private static final String LOCAL_RANGE = "net.ipv4.ip_local_port_range";
  private static final Pattern SPACE = Pattern.compile("\\s+");

  private Sysctls() {}

  /** The settings in effect on the node, sorted by name. */
  public static Collection<Sysctl> effective(HostSpec spec) {
    var settings = new TreeMap<String, Sysctl>();
    ofProfile(spec.host().sysctlProfile(), spec.listenedPorts())
        .forEach(sysctl -> settings.put(sysctl.name(), sysctl));
    override(settings, spec.host().sysctls(), "host.sysctls");
    override(settings, spec.node().sysctls(), "nodes." + spec.nodeName() + ".sysctls");
    return settings.values();
  }

  /**
   * The settings of a profile, with the ports that are listened on reserved: outgoing connections
   * do not use them.
   */
  public static List<Sysctl> ofProfile(SysctlProfileName profile, Collection<PortRange> listened) {
    var settings = new ArrayList<>(SysctlProfile.of(profile));
    settings.add(
        Sysctl.of(
                RESERVED,
                PortRange.format(listened),
                "with that port range an outgoing connection could take a port that a service needs",
                "K3s, the platform's own ports")
            .against(
                new Conflict(
                    LOCAL_RANGE, (reserved, range) -> unreserved(listened, reserved, range))));
    return List.copyOf(settings);
  }

  /** The sysctl.d file: one {@code name = value} per line, below its reason. */
  public static String file(HostSpec spec) {
    var text = new StringBuilder("# Tuned by nordfaas; changes are overwritten.\n");
    for (var sysctl : effective(spec)) {
      text.append("\n# %s (%s)\n".formatted(sysctl.why(), sysctl.source()))
          .append("%s = %s\n".formatted(sysctl.name(), sysctl.value()));
    }
    return text.toString();
  }

  /** A local range may be narrow enough to need no reserved ports. */
  private static Optional<Conflict.Fight> unreserved(
      Collection<PortRange> listened, String reserved, String range) {
    var local = PortRange.parse(SPACE.matcher(range.strip()).replaceAll("-"));
    var kept = PortRange.parse(reserved);
    var missing =
        listened.stream()
            .filter(ports -> local.stream().anyMatch(ports::overlaps))
            .filter(ports -> !ports.isCoveredBy(kept))
            .toList();
    return missing.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Conflict.Fight(
                "an outgoing connection could take a port that the platform listens on",
                "reserve %s as well".formatted(PortRange.format(missing))));
  }

  private static void override(
      Map<String, Sysctl> settings, Map<String, String> values, String origin) {
    values.forEach(
        (name, value) -> {
          var before =
              settings.getOrDefault(name, Sysctl.of(name, "", "requested by the stack config", ""));
          settings.put(name, before.withValue(value.strip(), origin));
        });
  }
}
