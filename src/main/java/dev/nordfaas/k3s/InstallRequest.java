package dev.nordfaas.k3s;

import dev.nordfaas.config.K3sConfig;
import dev.nordfaas.host.HostFile;
import dev.nordfaas.k3s.Topology.Member;
import java.util.stream.Collectors;

/** Standard input of a node's install script. */
public final class InstallRequest {
  private InstallRequest() {}

  /**
   * {@code key=value} lines, and below them the bundle of the files that K3s reads: a preview shows
   * what changes in either.
   */
  public static String render(K3sConfig config, Topology topology, Member member) {
    var text = new StringBuilder();
    put(text, "version", config.version());
    put(text, "role", member.isServer() ? "server" : "agent");
    put(text, "node", member.name());
    config.sha256().amd64().ifPresent(sum -> put(text, "sha256-amd64", sum));
    config.sha256().arm64().ifPresent(sum -> put(text, "sha256-arm64", sum));
    put(text, "installer", config.installer().orElse(K3sFiles.INSTALLER_PATH));
    config
        .airGap()
        .ifPresent(
            files -> {
              put(text, "binary", AirGapUpload.BINARY);
              put(text, "images", AirGapUpload.images(files));
            });
    var others = urls(topology, member);
    if (!others.isEmpty()) {
      // In the config of a node that joins is the first server, which may be away.
      put(text, member.equals(topology.firstServer()) ? "peers" : "servers", others);
    }
    var podNetwork = topology.flannel(config);
    if (podNetwork.isNamed()) {
      // Also to agents, whose config.yaml does not have it: they have to restart, too.
      put(text, "flannel-backend", podNetwork.name());
    }
    config.rotation().certificates().ifPresent(day -> put(text, "certificates-of", day));
    config.rotation().token().ifPresent(day -> put(text, "token-of", day));
    return text + HostFile.bundle(K3sFiles.of(config, topology, member));
  }

  /** Those of the other servers, in the order in which they start. */
  private static String urls(Topology topology, Member member) {
    return topology.servers().stream()
        .filter(server -> !server.equals(member))
        .map(server -> K3sConfigFile.url(server.node().clusterAddress()))
        .collect(Collectors.joining(" "));
  }

  private static void put(StringBuilder text, String key, String value) {
    text.append(key).append('=').append(value).append('\n');
  }
}
