package dev.nordfaas.k3s;

import dev.nordfaas.config.K3sConfig;
import dev.nordfaas.host.HostFile;
import dev.nordfaas.k3s.Topology.Member;
import dev.nordfaas.template.Template;
import java.util.ArrayList;
import java.util.List;

/** The files that K3s reads on a node, without its token. */
public final class K3sFiles {
  private K3sFiles() {}

  /** The files of one node. */
  public static List<HostFile> of(K3sConfig config, Topology topology, Member member) {
    var files = new ArrayList<HostFile>();
    files.add(new HostFile(K3sConfigFile.PATH, K3sConfigFile.render(config, topology, member)));
    if (member.isServer()) {
      files.add(
          new HostFile(K3sConfigFile.AUDIT_POLICY_PATH, Template.text("k3s/audit-policy.yaml")));
      files.add(
          new HostFile(K3sConfigFile.POD_SECURITY_PATH, Template.text("k3s/pod-security.yaml")));
    }
    return List.copyOf(files);
  }
}
