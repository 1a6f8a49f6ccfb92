package dev.nordfaas.plan;

import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.host.PortRange;
import java.util.Optional;

/**
 * Somebody who listens at ports.
 *
 * @param ports of TCP and UDP alike, as the checks of a host treat them
 * @param place whose network it is
 * @param owner who listens, for messages: {@code the edge}
 * @param key the key that sets the port, if there is one
 * @param reserved whether a host keeps its own outgoing connections off these ports
 */
public record Listener(
    PortRange ports, Place place, String owner, Optional<ChosenBy> key, boolean reserved) {

  /**
   * A network in which a port has one listener.
   *
   * @param name unique
   * @param where where a collision is, for messages: {@code on every node}
   */
  public record Place(String name, String where) {
    /** The network of the hosts, which K3s and the edge use, too. */
    public static final Place HOSTS = new Place("hosts", "on every node");

    /** The network that the containers of a pod share. */
    static Place pod(String name) {
      return new Place("pod " + name, "in the same pod");
    }

    static Place service(String name) {
      return new Place("Service " + name, "at the same Service");
    }
  }

  /**
   * What chooses a port.
   *
   * @param example a port that is free, for messages
   */
  public record ChosenBy(KeyPath path, int example) {}

  static Listener onHosts(PortRange ports, String owner) {
    return new Listener(ports, Place.HOSTS, owner, Optional.empty(), true);
  }

  /** At the port that others connect to. */
  static Listener inPod(String pod, int port, String owner) {
    return new Listener(PortRange.of(port), Place.pod(pod), owner, Optional.empty(), true);
  }

  /** At a port for Prometheus and the kubelet only, which nobody forwards to a host. */
  static Listener insidePod(String pod, int port, String owner) {
    return new Listener(PortRange.of(port), Place.pod(pod), owner, Optional.empty(), false);
  }

  Listener chosenBy(KeyPath path, int example) {
    return new Listener(ports, place, owner, Optional.of(new ChosenBy(path, example)), reserved);
  }

  /** Whether both listen at one port of one network. */
  public boolean collidesWith(Listener other) {
    return !equals(other) && place.equals(other.place) && ports.overlaps(other.ports);
  }
}
