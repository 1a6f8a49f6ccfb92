package dev.nordfaas.components;

import com.pulumi.core.Output;
import com.pulumi.kubernetes.node.v1.RuntimeClass;
import com.pulumi.resources.ComponentResourceOptions;
import com.pulumi.resources.CustomResourceOptions;
import com.pulumi.resources.ProviderResource;
import com.pulumi.resources.Resource;
import dev.nordfaas.config.K3sConfig.Existing;
import dev.nordfaas.host.HostFile;
import dev.nordfaas.host.SshConnection;
import dev.nordfaas.k3s.InstallRequest;
import dev.nordfaas.k3s.K3sFiles;
import dev.nordfaas.k3s.Kubeconfig;
import dev.nordfaas.k3s.Topology;
import dev.nordfaas.k3s.Topology.Member;
import dev.nordfaas.manifest.PodTuning;
import dev.nordfaas.template.NodeScript;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A K3s cluster of one server, or of several servers and agents, that start one after the other; or
 * a cluster that exists already. With its kubeconfig comes the provider for everything on it.
 *
 * <p>Destroying it leaves K3s and its data on the nodes.
 */
public final class K3sCluster extends Component {
  /**
   * The plugin that serves the provider. The newest Java package there is, 4.0.0, asks for a plugin
   * of its own age, which knows neither server-side apply by default nor current Kubernetes APIs.
   */
  static final String KUBERNETES_PLUGIN_VERSION = "4.25.0";

  private final Output<String> kubeconfig;
  private final ProviderResource provider;

  /** The cluster that {@code args} describe. */
  public K3sCluster(String name, K3sClusterArgs args, ComponentResourceOptions options) {
    super(K3sCluster.class, name, options);
    kubeconfig =
        args.k3s()
            .existing()
            .map(Existing::kubeconfig)
            .map(secret -> secret.asOutput())
            .orElseGet(() -> install(args))
            .asSecret();
    provider =
        new ProviderResource(
            "kubernetes",
            child("provider"),
            new ClusterProviderArgs(kubeconfig, name),
            CustomResourceOptions.merge(
                childOptions(),
                CustomResourceOptions.builder().version(KUBERNETES_PLUGIN_VERSION).build()));
    if (args.k3s().existing().isEmpty()) {
      new RuntimeClass(
          child("tuned-pods"),
          PodTuning.runtimeClass(),
          CustomResourceOptions.builder().parent(this).provider(provider).build());
    }
    registerOutputs(Map.of("kubeconfig", kubeconfig));
  }

  /** Installs K3s node by node, and reads the kubeconfig once all have joined. */
  private Output<String> install(K3sClusterArgs args) {
    var topology = Topology.of(args.nodes());
    var token = GeneratedPassword.create(child("token-password"), this);
    List<Resource> before = args.hosts();
    var installs = new ArrayList<Resource>();
    for (var member : topology.members()) {
      var install = install(args, topology, member, token, before);
      installs.add(install);
      before = List.of(install);
    }
    var first = topology.firstServer();
    var server = topology.apiUrl(args.k3s().apiAddress());
    return commands(args, first)
        .readSecret(child("kubeconfig"), NodeScript.K3S_KUBECONFIG, childOptions(installs))
        .stdout()
        .asSecret()
        // Empty where `pulumi up --target` left the node out. An empty kubeconfig would make the
        // provider fall back to that of whoever runs Pulumi, and so to another cluster.
        .applyValue(text -> text.isEmpty() ? "none yet" : Kubeconfig.withServer(text, server));
  }

  private Resource install(
      K3sClusterArgs args,
      Topology topology,
      Member member,
      Output<String> token,
      List<Resource> before) {
    var node = commands(args, member);
    var files = HostFile.bundle(K3sFiles.of(args.k3s(), topology, member));
    var tokenFile =
        node.runWithSecret(
            child(member.name() + "-token"), NodeScript.K3S_TOKEN, token, childOptions(before));
    var configFile =
        node.run(
            child(member.name() + "-config"), NodeScript.K3S_CONFIG, files, childOptions(before));
    return node.run(
        child(member.name() + "-install"),
        NodeScript.K3S_INSTALL,
        InstallRequest.render(args.k3s(), member, files),
        childOptions(List.of(tokenFile, configFile)));
  }

  private static NodeCommands commands(K3sClusterArgs args, Member member) {
    return new NodeCommands(SshConnection.of(args.ssh(), member.node()));
  }

  /** Kubeconfig of the cluster's administrator; secret. */
  public Output<String> kubeconfig() {
    return kubeconfig;
  }

  /** The provider of the cluster, for {@link ComponentResourceOptions}. */
  public ProviderResource provider() {
    return provider;
  }
}
