package dev.nordfaas.components;

import com.pulumi.core.Output;
import com.pulumi.resources.CustomResourceOptions;
import com.pulumi.resources.Resource;
import dev.nordfaas.config.K3sConfig;
import dev.nordfaas.k3s.AirGapUpload;
import dev.nordfaas.k3s.ClusterOrigin;
import dev.nordfaas.k3s.InstallRequest;
import dev.nordfaas.k3s.MemberRequest;
import dev.nordfaas.k3s.TokenRequest;
import dev.nordfaas.k3s.TokenRequest.FromCluster;
import dev.nordfaas.k3s.Topology;
import dev.nordfaas.k3s.Topology.Member;
import dev.nordfaas.template.NodeScript;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * K3s on the nodes of a cluster, one after the other: each starts, or restarts with a new release
 * or config, once the previous one is ready. A node that is removed from the config is drained and
 * removed from the cluster by the first other server that is not away, then K3s on it is stopped;
 * the first server and its data stay.
 */
final class K3sNodes {
  /** In place of the date of a rotation that has not been asked for yet. */
  private static final String FIRST_START = "the first start";

  private final K3sCluster cluster;
  private final String clusterName;
  private final K3sClusterArgs args;
  private final K3sConfig config;
  private final Topology topology;

  K3sNodes(K3sCluster cluster, String clusterName, K3sClusterArgs args) {
    this.cluster = cluster;
    this.clusterName = clusterName;
    this.args = args;
    this.config = args.k3s();
    this.topology = args.topology();
  }

  /**
   * Installs K3s; returns the administrator's kubeconfig as on the first server that is not away,
   * once all nodes have joined and, where it is going to be changed, the name server is deployed.
   */
  Output<String> install() {
    var values = generate();
    List<Resource> before = args.hosts();
    var memberships = new ArrayList<Resource>();
    for (var member : topology.members()) {
      var install = install(member, values, before);
      memberships.add(keep(member, install, memberships));
      before = List.of(install);
      if (member.equals(topology.firstServer()) && topology.members().size() > 1) {
        values.put(FromCluster.CA_HASH, readCaHash(install));
      }
    }
    var complete = new ArrayList<>(memberships);
    if (args.hasMoreNameServers()) {
      complete.add(awaitNameServer(memberships));
    }
    return commands(topology.keeper())
        .readSecret(
            cluster.child("kubeconfig"),
            NodeScript.K3S_KUBECONFIG,
            // Only a new date runs this again, and only then does the kubeconfig change.
            "certificates of " + config.rotation().certificates().orElse(FIRST_START) + "\n",
            after(complete))
        .stdout()
        .asSecret();
  }

  private Resource awaitNameServer(List<Resource> memberships) {
    return commands(topology.keeper())
        .read(
            cluster.child("name-server-deployed"), NodeScript.K3S_NAME_SERVER, after(memberships));
  }

  /** Without them no node is touched, so a cluster that cannot be as the config says has none. */
  private Map<FromCluster, Output<String>> generate() {
    var rotation = config.rotation().token().<List<Object>>map(List::of).orElse(List.of());
    var origin =
        Origin.checked(
            Origin.of(cluster.child("origin"), ClusterOrigin.of(config), cluster)
                .applyValue(created -> ClusterOrigin.refusal(config, created)));
    return new EnumMap<>(
        Map.of(
            FromCluster.SERVER_TOKEN,
            Origin.after(
                origin,
                GeneratedPassword.create(cluster.child("token-password"), rotation, cluster)),
            FromCluster.AGENT_TOKEN,
            Origin.after(
                origin,
                GeneratedPassword.create(cluster.child("agent-token-password"), rotation, cluster)),
            FromCluster.CLUSTER_ID,
            GeneratedPassword.create(cluster.child("cluster-id"), cluster)));
  }

  /** Over SSH, whose host key is pinned. Runs again with a new date of either rotation. */
  private Output<String> readCaHash(Resource firstInstall) {
    var rotation = config.rotation();
    return commands(topology.keeper())
        .run(
            cluster.child("ca-hash"),
            NodeScript.K3S_CA,
            "certificates of %s, tokens of %s\n"
                .formatted(
                    rotation.certificates().orElse(FIRST_START),
                    rotation.token().orElse(FIRST_START)),
            after(List.of(firstInstall)))
        .stdout();
  }

  /** The URL at which clients reach the cluster. */
  String url() {
    return topology.apiUrl(config.clientAddress());
  }

  private Resource install(
      Member member, Map<FromCluster, Output<String>> values, List<Resource> before) {
    var node = commands(member);
    var ready = new ArrayList<Resource>();
    ready.add(
        node.runWithSecret(
            child(member, "token"), NodeScript.K3S_TOKEN, request(member, values), after(before)));
    config
        .airGap()
        .ifPresent(
            files -> {
              var machine = member.node().hostKey();
              ready.add(
                  node.upload(
                      child(member, "binary"),
                      files.binary(),
                      AirGapUpload.BINARY,
                      machine,
                      after(before)));
              ready.add(
                  node.upload(
                      child(member, "images"),
                      files.images(),
                      AirGapUpload.images(files),
                      machine,
                      after(before)));
            });
    var name = child(member, "install");
    var request = InstallRequest.render(config, topology, member);
    return member.equals(topology.firstServer())
        ? node.run(name, NodeScript.K3S_INSTALL, request, after(ready))
        : node.run(name, NodeScript.K3S_INSTALL, NodeScript.K3S_STOP, request, after(ready));
  }

  /** Depends on the memberships before it: several nodes are removed one by one. */
  private Resource keep(Member member, Resource install, List<Resource> memberships) {
    var keeper = commands(topology.keeperOf(member));
    var name = child(member, "member");
    var request = MemberRequest.render(member);
    var options = after(Stream.concat(Stream.of(install), memberships.stream()).toList());
    return member.equals(topology.firstServer())
        ? keeper.run(name, NodeScript.K3S_ADMIT, request, options)
        : keeper.run(name, NodeScript.K3S_ADMIT, NodeScript.K3S_LEAVE, request, options);
  }

  private Output<String> request(Member member, Map<FromCluster, Output<String>> values) {
    return Output.all(
            TokenRequest.of(config, clusterName, topology, member).stream()
                .map(part -> output(part, values))
                .toList())
        .applyValue(parts -> String.join("", parts))
        .asSecret();
  }

  private static Output<String> output(
      TokenRequest.Part part, Map<FromCluster, Output<String>> values) {
    if (part instanceof TokenRequest.Text text) {
      return Output.of(text.text());
    }
    if (part instanceof TokenRequest.Secret secret) {
      return secret.value().asOutput();
    }
    return Objects.requireNonNull(values.get(part), part::toString);
  }

  private String child(Member member, String suffix) {
    return cluster.child(member.name() + "-" + suffix);
  }

  private CustomResourceOptions after(List<Resource> resources) {
    return cluster.childOptions(resources);
  }

  private NodeCommands commands(Member member) {
    return NodeCommands.of(args.ssh(), member.node());
  }
}
