package dev.nordfaas.k3s;

import dev.nordfaas.config.K3sConfig;
import dev.nordfaas.config.K3sConfig.Mirror;
import dev.nordfaas.host.HostFile;
import dev.nordfaas.k3s.Topology.Member;
import dev.nordfaas.template.Template;
import dev.nordfaas.template.Yaml;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The files that K3s reads on a node, except its token, and the program that installs it. */
public final class K3sFiles {
  /** The program that installs K3s on a node, unless the config sets another one. */
  static final String INSTALLER_PATH = "/usr/local/sbin/nordfaas-k3s-install";

  private static final String REGISTRIES_PATH = "/etc/rancher/k3s/registries.yaml";

  /** CoreDNS, metrics-server and the helper pods of local-path write to the node's file system. */
  private static final String SYSTEM_NAMESPACE = "kube-system";

  private K3sFiles() {}

  /** The files of one node. */
  public static List<HostFile> of(K3sConfig config, Topology topology, Member member) {
    var files = new ArrayList<HostFile>();
    files.add(new HostFile(K3sConfigFile.PATH, K3sConfigFile.render(config, topology, member)));
    if (member.isServer()) {
      files.add(
          new HostFile(K3sConfigFile.AUDIT_POLICY_PATH, Template.text("k3s/audit-policy.yaml")));
      files.add(new HostFile(K3sConfigFile.POD_SECURITY_PATH, podSecurity(config)));
    }
    if (!config.registries().isEmpty()) {
      files.add(new HostFile(REGISTRIES_PATH, registries(config.registries())));
    }
    if (config.installer().isEmpty()) {
      files.add(new HostFile(INSTALLER_PATH, Template.text("k3s/install.sh")));
    }
    return List.copyOf(files);
  }

  private static String podSecurity(K3sConfig config) {
    var exempt =
        Stream.concat(Stream.of(SYSTEM_NAMESPACE), config.podSecurityExemptions().stream())
            .distinct()
            .collect(Collectors.joining(", "));
    return Template.load("k3s/pod-security.yaml").render(Map.of("namespaces", exempt));
  }

  private static String registries(Map<String, Mirror> registries) {
    var text = new StringBuilder("# Written by nordfaas; changes are overwritten.\nmirrors:\n");
    registries.forEach(
        (registry, mirror) -> {
          text.append("  %s:\n    endpoint:\n".formatted(Yaml.quote(registry)));
          mirror.endpoints().forEach(url -> text.append("      - %s\n".formatted(Yaml.quote(url))));
        });
    return text.toString();
  }
}
