package dev.nordfaas.host;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The sysctls of one node: the profile's, then the host's, then the node's own; later wins. */
public final class Sysctls {
  /** Where a node keeps them; sorts behind what distributions ship, so it wins. */
  public static final String PATH = "/etc/sysctl.d/99-serverless-tuning.conf";

  /**
   * What K3s listens on: node ports, API and supervisor, etcd, containerd's streams, and the health
   * and metrics ports of kubelet, kube-proxy, scheduler and controller-manager.
   */
  private static final List<PortRange> K3S_PORTS =
      List.of(
          new PortRange(30000, 32767),
          new PortRange(6443, 6444),
          new PortRange(2379, 2382),
          PortRange.of(10010),
          new PortRange(10248, 10259));

  private Sysctls() {}

  /** The settings in effect on the node, sorted by name. */
  public static Collection<Sysctl> effective(HostSpec spec) {
    var settings = new TreeMap<String, Sysctl>();
    SysctlProfile.of(spec.host().sysctlProfile())
        .forEach(sysctl -> settings.put(sysctl.name(), sysctl));
    var reserved = reservedPorts(spec.reservedPorts());
    settings.put(reserved.name(), reserved);
    override(settings, spec.host().sysctls(), "host.sysctls");
    override(settings, spec.node().sysctls(), "nodes." + spec.nodeName() + ".sysctls");
    return settings.values();
  }

  /** The sysctl.d file: one {@code name = value} a line, below its reason. */
  public static String file(HostSpec spec) {
    var text = new StringBuilder("# Tuned by nordfaas; changes are overwritten.\n");
    for (var sysctl : effective(spec)) {
      text.append("\n# %s (%s)\n".formatted(sysctl.why(), sysctl.source()))
          .append("%s = %s\n".formatted(sysctl.name(), sysctl.value()));
    }
    return text.toString();
  }

  private static Sysctl reservedPorts(List<Integer> platformPorts) {
    var ports = new ArrayList<>(K3S_PORTS);
    platformPorts.forEach(port -> ports.add(PortRange.of(port)));
    return new Sysctl(
        "net.ipv4.ip_local_reserved_ports",
        PortRange.format(ports),
        "with that port range an outgoing connection could take a port that a service needs",
        "K3s, the platform's own ports");
  }

  private static void override(
      Map<String, Sysctl> settings, Map<String, String> values, String origin) {
    values.forEach(
        (name, value) -> {
          var before = settings.get(name);
          var why = before == null ? "asked for by the stack config" : before.why();
          settings.put(name, new Sysctl(name, value.strip(), why, origin));
        });
  }
}
