package dev.nordfaas.k3s;

import dev.nordfaas.config.K3sConfig;
import dev.nordfaas.config.VirtualAddress;
import dev.nordfaas.host.IpAddress;
import dev.nordfaas.k3s.Topology.Member;
import dev.nordfaas.manifest.PodTuning;
import dev.nordfaas.manifest.Requests;
import dev.nordfaas.template.Yaml;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** {@code /etc/rancher/k3s/config.yaml} of a node. Nothing in it is passed as a flag. */
public final class K3sConfigFile {
  /** Where K3s looks for it. */
  public static final String PATH = "/etc/rancher/k3s/config.yaml";

  /**
   * Where servers keep the server token, and agents the agent token; nodes that join keep it with
   * the hash of the cluster's CA.
   */
  public static final String TOKEN_PATH = "/etc/rancher/k3s/token";

  /** Where servers keep the agent token. */
  public static final String AGENT_TOKEN_PATH = "/etc/rancher/k3s/agent-token";

  static final String AUDIT_POLICY_PATH = "/etc/rancher/k3s/audit-policy.yaml";
  static final String POD_SECURITY_PATH = "/etc/rancher/k3s/pod-security.yaml";

  /** The Secret in kube-system that tells K3s where the snapshots go. */
  static final String S3_SECRET = "k3s-etcd-snapshot-s3-config";

  /**
   * Sysctls that K3s sets at each start, and the flag that makes it skip each (source: pkg/agent,
   * getConntrackConfig).
   */
  private static final Map<String, String> LEFT_ALONE =
      Map.of(
          "net.netfilter.nf_conntrack_max", "conntrack-max-per-core=0",
          "net.nf_conntrack_max", "conntrack-max-per-core=0",
          "net.netfilter.nf_conntrack_tcp_timeout_established",
              "conntrack-tcp-timeout-established=0s",
          "net.netfilter.nf_conntrack_tcp_timeout_close_wait",
              "conntrack-tcp-timeout-close-wait=0s");

  /**
   * Seconds after which the pods of a node that is not ready are replaced on others: workers and
   * what else has a single replica is away for so long, besides the 50 s until a silent node counts
   * as not ready (node-monitor-grace-period). Kubernetes' default is 300.
   */
  private static final int MOVED_AFTER_SECONDS = 30;

  /** Kubernetes' default. */
  private static final int DEFAULT_NODE_MASK = 24;

  /** TCP port of the Kubernetes API and of K3s' supervisor. */
  static final int API_PORT = 6443;

  private final K3sConfig config;
  private final Topology topology;
  private final Member member;
  private final Map<String, Object> entries = new LinkedHashMap<>();

  private K3sConfigFile(K3sConfig config, Topology topology, Member member) {
    this.config = config;
    this.topology = topology;
    this.member = member;
  }

  /** The file of one node. An agent only gets the keys of agents. */
  public static String render(K3sConfig config, Topology topology, Member member) {
    var file = new K3sConfigFile(config, topology, member);
    file.putIdentity();
    file.putMembership();
    if (member.isServer()) {
      file.putServer();
    }
    file.putKubelet();
    file.putConntrack();
    file.putImages();
    file.putExtra();
    return "# Written by nordfaas; changes are overwritten.\n" + Yaml.mapping(file.entries);
  }

  private void putIdentity() {
    var node = member.node();
    entries.put("node-name", member.name());
    if (IpAddress.isLiteral(node.clusterAddress())) {
      entries.put("node-ip", node.clusterAddress());
    }
    if (node.privateAddress().isPresent() && IpAddress.isLiteral(node.address())) {
      entries.put("node-external-ip", node.address());
      if (member.isServer() && IpAddress.isLiteral(node.clusterAddress())) {
        // K3s would advertise the external one to the other nodes, where their firewalls block it.
        entries.put("advertise-address", node.clusterAddress());
      }
    }
    var labels = new TreeSet<String>();
    node.labels().forEach((key, value) -> labels.add(key + "=" + value));
    if (!labels.isEmpty()) {
      entries.put("node-label", labels);
    }
    if (!node.taints().isEmpty()) {
      entries.put("node-taint", node.taints());
    }
  }

  private void putMembership() {
    if (member.equals(topology.firstServer())) {
      // Embedded etcd even on one node: needed for snapshots, and to add servers later.
      entries.put("cluster-init", true);
    } else {
      entries.put("server", url(topology.firstServer().node().clusterAddress()));
    }
    entries.put("token-file", TOKEN_PATH);
  }

  private void putServer() {
    // With a single token, an agent's would reveal the cluster's keys.
    entries.put("agent-token-file", AGENT_TOKEN_PATH);
    entries.put("tls-san", tlsSans());
    entries.put("disable", List.of(K3sParts.TRAEFIK));
    entries.put("secrets-encryption", true);
    entries.put("write-kubeconfig-mode", "0600");
    entries.put("cluster-cidr", config.clusterCidr().text());
    entries.put("service-cidr", config.serviceCidr().text());
    var podNetwork = topology.flannel(config);
    if (podNetwork.isNamed()) {
      // Agents get it from the servers.
      entries.put("flannel-backend", podNetwork.name());
    }
    entries.put("etcd-snapshot-schedule-cron", config.etcdSnapshots().scheduleCron());
    entries.put("etcd-snapshot-retention", config.etcdSnapshots().retention());
    if (config.etcdSnapshots().s3().isPresent()) {
      entries.put("etcd-s3", true);
      // With any other etcd-s3 key, K3s would ignore the Secret.
      entries.put("etcd-s3-config-secret", S3_SECRET);
    }
    entries.put("kube-apiserver-arg", apiServerFlags());
    var nodeMask = nodeMask(config.maxPods());
    if (nodeMask != DEFAULT_NODE_MASK) {
      entries.put("kube-controller-manager-arg", List.of("node-cidr-mask-size=" + nodeMask));
    }
  }

  private List<String> apiServerFlags() {
    var flags =
        new ArrayList<>(
            List.of(
                "admission-control-config-file=" + POD_SECURITY_PATH,
                "audit-log-path=/var/lib/rancher/k3s/server/logs/audit.log",
                "audit-policy-file=" + AUDIT_POLICY_PATH,
                "audit-log-maxage=30",
                "audit-log-maxbackup=10",
                "audit-log-maxsize=100"));
    if (topology.members().size() > 1) {
      for (var condition : List.of("not-ready", "unreachable")) {
        flags.add("default-%s-toleration-seconds=%d".formatted(condition, MOVED_AFTER_SECONDS));
      }
    }
    return flags;
  }

  /**
   * Prefix of the part of the cluster's network that a node needs for its pods. Besides network,
   * broadcast and gateway it has three to spare: an address is only free again some time after its
   * pod is gone.
   */
  public static int nodeMask(int maxPods) {
    var mask = DEFAULT_NODE_MASK;
    while ((1 << (32 - mask)) - 6 < maxPods) {
      mask--;
    }
    return mask;
  }

  private void putKubelet() {
    var kubeReserved = ReservedResources.kube(member.node(), member.isServer(), config.maxPods());
    entries.put("protect-kernel-defaults", true);
    entries.put(
        "kubelet-arg",
        List.of(
            // What the containers' requests of disk count on.
            "container-log-max-files=" + Requests.LOG_FILES,
            "container-log-max-size=%dMi".formatted(Requests.LOG_FILE_MEBIBYTES),
            "max-pods=" + config.maxPods(),
            // Per network namespace: gateway, intake and NATS raise it for their own pods.
            "allowed-unsafe-sysctls=" + PodTuning.SOMAXCONN,
            "kube-reserved=" + kubeReserved.flag(),
            "system-reserved=" + ReservedResources.SYSTEM.flag()));
  }

  private void putConntrack() {
    var flags = new TreeSet<String>();
    LEFT_ALONE.forEach(
        (sysctl, flag) -> {
          if (member.sysctls().contains(sysctl)) {
            flags.add(flag);
          }
        });
    if (!flags.isEmpty()) {
      entries.put("kube-proxy-arg", flags);
    }
  }

  private void putImages() {
    if (!config.registries().isEmpty()) {
      // Otherwise containerd falls back to the registry itself if the mirror fails.
      entries.put("disable-default-registry-endpoint", true);
    }
  }

  /** Appends to our lists, and adds other keys: {@code policy} has refused the rest. */
  private void putExtra() {
    config
        .extraConfig()
        .forEach(
            (key, values) -> {
              if (member.isServer() ? K3sKeys.isOfServers(key) : K3sKeys.isOfAgents(key)) {
                entries.merge(key, values, K3sConfigFile::append);
              }
            });
  }

  private static Object append(Object ours, Object extra) {
    return Stream.concat(((Collection<?>) ours).stream(), ((Collection<?>) extra).stream())
        .toList();
  }

  private Set<String> tlsSans() {
    var names = new TreeSet<>(config.tlsSans());
    config.apiAddress().ifPresent(names::add);
    config.virtualAddress().map(VirtualAddress::ip).ifPresent(names::add);
    for (var server : topology.servers()) {
      names.add(server.node().address());
      names.add(server.node().clusterAddress());
    }
    return names;
  }

  /** URL of the API at a host. */
  static String url(String host) {
    return "https://%s:%d".formatted(IpAddress.inUrl(host), API_PORT);
  }
}
