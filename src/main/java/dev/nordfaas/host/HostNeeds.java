package dev.nordfaas.host;

import java.util.List;
import java.util.Optional;

/**
 * What a host needs besides its operating system and its size, before K3s is installed.
 *
 * @param freePorts ports that have to be free, TCP and UDP
 * @param registries URLs that have to respond, in whatever way: image registries, or their mirrors
 * @param downloads URLs that have to exist
 * @param architectures CPU architectures in K3s' terms, one of which has to be the host's
 * @param modules kernel modules besides those that every node loads
 * @param installer program on the host that installs K3s instead of nordfaas' own
 */
public record HostNeeds(
    List<PortRange> freePorts,
    List<String> registries,
    List<String> downloads,
    List<String> architectures,
    List<String> modules,
    Optional<String> installer) {
  /** K3s is built for these. */
  public static final List<String> ARCHITECTURES = List.of("amd64", "arm64");

  /** No further needs. */
  public static final HostNeeds NONE =
      new HostNeeds(List.of(), List.of(), List.of(), ARCHITECTURES, List.of(), Optional.empty());

  public HostNeeds {
    freePorts = List.copyOf(freePorts);
    registries = List.copyOf(registries);
    downloads = List.copyOf(downloads);
    architectures = List.copyOf(architectures);
    modules = List.copyOf(modules);
  }
}
