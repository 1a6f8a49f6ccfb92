package dev.nordfaas.plan;

import static dev.nordfaas.plan.Listener.inPod;
import static dev.nordfaas.plan.Listener.insidePod;
import static dev.nordfaas.plan.Listener.onHosts;

import dev.nordfaas.config.PostgresConfig;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.edge.EdgePod;
import dev.nordfaas.host.PortRange;
import dev.nordfaas.k3s.Flannel;
import dev.nordfaas.manifest.ServiceAddress;
import dev.nordfaas.nats.Nats;
import dev.nordfaas.plan.Listener.Place;
import dev.nordfaas.postgres.Postgres;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Who of the platform listens on which port: what the hosts reserve, what has to be free on them,
 * and what a key may not choose.
 */
final class ListenedPorts {
  /** On every node, whatever the config (source: Kubernetes' "Ports and Protocols", K3s). */
  private static final List<Listener> K3S =
      List.of(
          onHosts(new PortRange(30000, 32767), "Kubernetes' node ports"),
          onHosts(PortRange.of(6443), "the Kubernetes API"),
          onHosts(PortRange.of(6444), "K3s, behind the port of the Kubernetes API"),
          onHosts(new PortRange(2379, 2382), "etcd"),
          onHosts(PortRange.of(10010), "containerd"),
          onHosts(
              new PortRange(10248, 10259),
              "kubelet, kube-proxy, scheduler and controller-manager"));

  private ListenedPorts() {}

  /** All listeners of a stack. */
  static List<Listener> of(StackConfig config) {
    var all = new ArrayList<Listener>();
    all.add(sshd(config));
    all.addAll(ofPlatformOnHosts(config));
    addPods(all, config);
    return List.copyOf(all);
  }

  /** The ports that the hosts keep their own outgoing connections off. */
  static List<PortRange> reserved(Collection<Listener> listeners) {
    return listeners.stream().filter(Listener::reserved).map(Listener::ports).distinct().toList();
  }

  /**
   * Those that have to be free on a host before K3s is installed: the ports that K3s and the edge
   * use on the host itself. sshd is already listening, and pods have their own ports.
   */
  static List<PortRange> takenOnHosts(StackConfig config) {
    return ofPlatformOnHosts(config).stream().map(Listener::ports).toList();
  }

  /** The UDP port between nodes for the packets of pods. */
  static PortRange betweenPods(StackConfig config) {
    return PortRange.of(Flannel.of(config.k3s(), config.nodes()).port());
  }

  private static Listener sshd(StackConfig config) {
    return onHosts(PortRange.of(config.ssh().port()), "sshd")
        .chosenBy(KeyPath.of("ssh", "port"), 22);
  }

  private static List<Listener> ofPlatformOnHosts(StackConfig config) {
    var all = new ArrayList<Listener>();
    EdgePod.HOST_PORTS.forEach(port -> all.add(onHosts(PortRange.of(port), "the edge")));
    all.addAll(K3S);
    all.add(onHosts(betweenPods(config), "flannel, between the nodes"));
    return all;
  }

  /**
   * Those of pods in which a key chooses a port, and those that people forward to a host: there
   * nothing else should have taken them.
   */
  private static void addPods(List<Listener> all, StackConfig config) {
    all.add(inPod(Nats.NAME, Nats.CLIENT_PORT, "clients of NATS"));
    all.add(inPod(Nats.NAME, Nats.CLUSTER_PORT, "NATS, for its other servers"));
    all.add(inPod(Nats.NAME, Nats.MONITOR_PORT, "NATS, for its monitoring"));
    all.add(inPod(Postgres.NAME, Postgres.PORT, "PostgreSQL"));
    if (config.openfaas().hasGateway()) {
      all.add(inPod("gateway", ServiceAddress.FUNCTION_PORT, "the gateway"));
    }
    addPooler(all, config.postgres());
    config
        .functions()
        .forEach(
            (name, function) -> {
              all.add(
                  inPod(
                      name,
                      ServiceAddress.FUNCTION_PORT,
                      "the function's calls, and callers could read the metrics"));
              function
                  .metricsPort()
                  .ifPresent(
                      port ->
                          all.add(
                              insidePod(name, port, "the function's metrics")
                                  .chosenBy(KeyPath.of("functions", name, "metricsPort"), 8081)));
            });
  }

  /** The pods of CloudNativePG have a port of their own; the key is that of their Service. */
  private static void addPooler(List<Listener> all, PostgresConfig postgres) {
    var port = postgres.pooler().port();
    all.add(
        new Listener(
                PortRange.of(port),
                postgres.highAvailability()
                    ? Place.service(Postgres.POOLER)
                    : Place.pod(Postgres.POOLER),
                "PgBouncer",
                Optional.empty(),
                true)
            .chosenBy(KeyPath.of("postgres", "pooler", "port"), 6432));
    if (!postgres.highAvailability() && postgres.pooler().exporterImage().isPresent()) {
      all.add(
          insidePod(
              Postgres.POOLER,
              Postgres.POOLER_METRICS_PORT,
              "the exporter of PgBouncer's metrics"));
    }
  }
}
