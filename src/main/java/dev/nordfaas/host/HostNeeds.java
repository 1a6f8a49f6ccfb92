package dev.nordfaas.host;

import java.util.List;
import java.util.Optional;

/**
 * What a host has to offer besides its operating system and its size, before K3s comes to it.
 *
 * @param freePorts ports that nobody may have taken, TCP and UDP
 * @param registries URLs of which any answer will do: image registries, or their mirrors
 * @param downloads URLs that have to be found
 * @param architectures names of CPU architectures as K3s has them, one of which is the host's
 * @param installer program on the host that installs K3s in the place of nordfaas' own
 */
public record HostNeeds(
    List<PortRange> freePorts,
    List<String> registries,
    List<String> downloads,
    List<String> architectures,
    Optional<String> installer) {
  /** K3s is built for these. */
  public static final List<String> ARCHITECTURES = List.of("amd64", "arm64");

  /** A host that nothing more is asked of. */
  public static final HostNeeds NONE =
      new HostNeeds(List.of(), List.of(), List.of(), ARCHITECTURES, Optional.empty());

  public HostNeeds {
    freePorts = List.copyOf(freePorts);
    registries = List.copyOf(registries);
    downloads = List.copyOf(downloads);
    architectures = List.copyOf(architectures);
  }
}
