package dev.nordfaas.plan;

import dev.nordfaas.config.StackConfig;
import dev.nordfaas.host.PortRange;
import dev.nordfaas.k3s.Flannel;
import dev.nordfaas.manifest.ServiceAddress;
import dev.nordfaas.nats.Nats;
import dev.nordfaas.postgres.Postgres;
import java.util.ArrayList;
import java.util.List;

/**
 * Every port that the platform listens on: the list that the hosts reserve, and that the rules
 * check against.
 */
final class ListenedPorts {
  /**
   * Node ports; API and supervisor; etcd; containerd's streams; the health and metrics ports of
   * kubelet, kube-proxy, scheduler and controller-manager.
   */
  private static final List<PortRange> K3S =
      List.of(
          new PortRange(30000, 32767),
          new PortRange(6443, 6444),
          new PortRange(2379, 2382),
          PortRange.of(10010),
          new PortRange(10248, 10259));

  /** The edge, the only pod with host ports. */
  private static final List<PortRange> EDGE = List.of(PortRange.of(80), PortRange.of(443));

  /**
   * NATS' client, cluster and monitoring port, PostgreSQL, and gateway and functions. They are
   * ports of pods; reserving them keeps them free for port forwarding on the host.
   */
  private static final List<PortRange> PODS =
      List.of(
          PortRange.of(Nats.CLIENT_PORT),
          PortRange.of(Nats.CLUSTER_PORT),
          PortRange.of(Nats.MONITOR_PORT),
          PortRange.of(Postgres.PORT),
          PortRange.of(ServiceAddress.FUNCTION_PORT));

  private ListenedPorts() {}

  /**
   * Those that have to be free on a host before K3s is installed: the ports that K3s and the edge
   * use on the host itself. sshd is already listening, and pods have their own ports.
   */
  static List<PortRange> takenOnHosts(StackConfig config) {
    var ports = new ArrayList<>(EDGE);
    ports.addAll(K3S);
    ports.add(betweenPods(config));
    return List.copyOf(ports);
  }

  /** The UDP port between nodes for the packets of pods. */
  static PortRange betweenPods(StackConfig config) {
    return PortRange.of(Flannel.of(config.k3s(), config.nodes()).port());
  }

  /** The ports of a stack. */
  static List<PortRange> of(StackConfig config) {
    var ports = new ArrayList<PortRange>();
    ports.add(PortRange.of(config.ssh().port()));
    ports.addAll(takenOnHosts(config));
    ports.addAll(PODS);
    ports.add(PortRange.of(config.postgres().pooler().port()));
    return List.copyOf(ports);
  }
}
