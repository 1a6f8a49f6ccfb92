package dev.nordfaas.k3s;

import dev.nordfaas.k3s.ComponentFlags.Refusal;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The keys of K3s' {@code config.yaml}, which are its flags: which are for servers or agents only,
 * and which were added, removed or renamed with a release. Taken from K3s' sources and release
 * notes. A key that servers do not have only makes a server warn; one that agents do not have keeps
 * an agent from starting (seen with v1.34.4+k3s1).
 */
public final class K3sKeys {
  /** A key that was removed, and what to do instead. */
  public record Gone(int sinceMinor, String instead) {}

  /** Keys that an agent does not have. */
  private static final Set<String> SERVER =
      Set.of(
          "advertise-address",
          "advertise-port",
          "agent-token",
          "agent-token-file",
          "cluster-cidr",
          "cluster-dns",
          "cluster-domain",
          "cluster-init",
          "cluster-reset",
          "cluster-reset-restore-path",
          "datastore-cafile",
          "datastore-certfile",
          "datastore-endpoint",
          "datastore-keyfile",
          "default-local-storage-path",
          "disable",
          "disable-apiserver",
          "disable-cloud-controller",
          "disable-controller-manager",
          "disable-etcd",
          "disable-helm-controller",
          "disable-kube-proxy",
          "disable-network-policy",
          "disable-scheduler",
          "egress-selector-mode",
          "embedded-registry",
          "etcd-arg",
          "etcd-disable-snapshots",
          "etcd-expose-metrics",
          "etcd-s3",
          "etcd-s3-access-key",
          "etcd-s3-bucket",
          "etcd-s3-bucket-lookup-type",
          "etcd-s3-config-secret",
          "etcd-s3-endpoint",
          "etcd-s3-endpoint-ca",
          "etcd-s3-folder",
          "etcd-s3-insecure",
          "etcd-s3-proxy",
          "etcd-s3-region",
          "etcd-s3-retention",
          "etcd-s3-secret-key",
          "etcd-s3-session-token",
          "etcd-s3-skip-ssl-verify",
          "etcd-s3-timeout",
          "etcd-snapshot-compress",
          "etcd-snapshot-dir",
          "etcd-snapshot-name",
          "etcd-snapshot-reconcile-interval",
          "etcd-snapshot-retention",
          "etcd-snapshot-schedule-cron",
          "flannel-backend",
          "flannel-external-ip",
          "flannel-ipv6-masq",
          "helm-job-image",
          "https-listen-port",
          "kube-apiserver-arg",
          "kube-cloud-controller-manager-arg",
          "kube-controller-manager-arg",
          "kube-scheduler-arg",
          "secrets-encryption",
          "secrets-encryption-provider",
          "service-cidr",
          "service-node-port-range",
          "servicelb-namespace",
          "supervisor-metrics",
          "system-default-registry",
          "tls-san",
          "tls-san-security",
          "write-kubeconfig",
          "write-kubeconfig-group",
          "write-kubeconfig-mode");

  /** Keys that a server does not have. */
  private static final Set<String> AGENT = Set.of("disable-apiserver-lb");

  /** Keys that every node has. */
  private static final Set<String> NODE =
      Set.of(
          "airgap-extra-registry",
          "alsologtostderr",
          "bind-address",
          "container-runtime-endpoint",
          "data-dir",
          "debug",
          "default-runtime",
          "disable-default-registry-endpoint",
          "docker",
          "enable-pprof",
          "flannel-cni-conf",
          "flannel-conf",
          "flannel-iface",
          "image-credential-provider-bin-dir",
          "image-credential-provider-config",
          "image-service-endpoint",
          "kube-proxy-arg",
          "kubelet-arg",
          "lb-server-port",
          "log",
          "node-external-dns",
          "node-external-ip",
          "node-internal-dns",
          "node-ip",
          "node-label",
          "node-name",
          "node-taint",
          "nonroot-devices",
          "pause-image",
          "prefer-bundled-bin",
          "private-registry",
          "protect-kernel-defaults",
          "resolv-conf",
          "rootless",
          "selinux",
          "server",
          "snapshotter",
          "token",
          "token-file",
          "v",
          "vmodule",
          "vpn-auth",
          "vpn-auth-file",
          "with-node-id");

  /** Keys that K3s has removed. */
  private static final Map<String, Gone> GONE =
      Map.of(
          "cluster-secret", new Gone(25, "remove it: nordfaas generates the token"),
          "disable-selinux", new Gone(26, "use selinux"),
          "multi-cluster-cidr", new Gone(29, "remove it: Kubernetes no longer supports it"),
          "no-deploy", new Gone(25, "use disable"),
          "no-flannel", new Gone(25, "remove it: nordfaas relies on flannel"));

  /** Old names that K3s still accepts, but no longer lists in its help. */
  private static final Map<String, String> RENAMED =
      Map.of(
          "kube-cloud-controller-arg", "kube-cloud-controller-manager-arg",
          "kube-controller-arg", "kube-controller-manager-arg");

  /** The first minor release of which every patch has the key, for recent keys. */
  private static final Map<String, Integer> SINCE =
      Map.of(
          "disable-default-registry-endpoint",
          30,
          "etcd-s3-config-secret",
          31,
          "etcd-snapshot-reconcile-interval",
          33);

  private static final String TOKEN_IS_MADE = "remove it: nordfaas generates the token";
  private static final String IS_FIXED = ComponentFlags.IS_FIXED;
  private static final String USE_S3 = "use k3s.etcdSnapshots.s3";

  /**
   * Keys that nordfaas writes itself, or that would break what it writes, and what to do instead.
   */
  private static final Map<String, String> OURS =
      Map.ofEntries(
          Map.entry("advertise-address", "use nodes.<name>.privateAddress"),
          Map.entry("advertise-port", IS_FIXED),
          Map.entry("agent-token", TOKEN_IS_MADE),
          Map.entry("agent-token-file", TOKEN_IS_MADE),
          Map.entry("bind-address", IS_FIXED),
          Map.entry("cluster-cidr", "use k3s.clusterCidr"),
          Map.entry("cluster-domain", IS_FIXED),
          Map.entry("cluster-init", "use nodes.<name>.role"),
          Map.entry("cluster-reset", "restore as described in docs/runbook.md"),
          Map.entry("cluster-reset-restore-path", "restore as described in docs/runbook.md"),
          Map.entry("data-dir", IS_FIXED),
          Map.entry("datastore-cafile", IS_FIXED),
          Map.entry("datastore-certfile", IS_FIXED),
          Map.entry("datastore-endpoint", IS_FIXED),
          Map.entry("datastore-keyfile", IS_FIXED),
          Map.entry("disable-default-registry-endpoint", "use k3s.registries"),
          Map.entry("etcd-disable-snapshots", IS_FIXED),
          Map.entry("etcd-s3", USE_S3),
          Map.entry("etcd-s3-access-key", USE_S3),
          Map.entry("etcd-s3-bucket", USE_S3),
          Map.entry("etcd-s3-bucket-lookup-type", USE_S3),
          Map.entry("etcd-s3-config-secret", USE_S3),
          Map.entry("etcd-s3-endpoint", USE_S3),
          Map.entry("etcd-s3-endpoint-ca", USE_S3),
          Map.entry("etcd-s3-folder", USE_S3),
          Map.entry("etcd-s3-insecure", USE_S3),
          Map.entry("etcd-s3-proxy", USE_S3),
          Map.entry("etcd-s3-region", USE_S3),
          Map.entry("etcd-s3-retention", USE_S3),
          Map.entry("etcd-s3-secret-key", USE_S3),
          Map.entry("etcd-s3-session-token", USE_S3),
          Map.entry("etcd-s3-skip-ssl-verify", USE_S3),
          Map.entry("etcd-s3-timeout", USE_S3),
          Map.entry("etcd-snapshot-retention", "use k3s.etcdSnapshots.retention"),
          Map.entry("etcd-snapshot-schedule-cron", "use k3s.etcdSnapshots.scheduleCron"),
          Map.entry("flannel-backend", "use k3s.flannelBackend"),
          Map.entry("flannel-iface", "use nodes.<name>.privateAddress"),
          Map.entry("https-listen-port", IS_FIXED),
          Map.entry("lb-server-port", IS_FIXED),
          Map.entry("node-external-ip", "use nodes.<name>.address"),
          Map.entry("node-ip", "use nodes.<name>.privateAddress"),
          Map.entry("node-label", "use nodes.<name>.labels"),
          Map.entry("node-name", "use the name in nodes"),
          Map.entry("node-taint", "use nodes.<name>.taints"),
          Map.entry("private-registry", "use k3s.registries"),
          Map.entry("protect-kernel-defaults", IS_FIXED),
          Map.entry("rootless", IS_FIXED),
          Map.entry("secrets-encryption", IS_FIXED),
          Map.entry("server", "use nodes.<name>.role"),
          Map.entry("service-cidr", "use k3s.serviceCidr"),
          Map.entry("tls-san", "use k3s.tlsSans"),
          Map.entry("token", TOKEN_IS_MADE),
          Map.entry("token-file", TOKEN_IS_MADE),
          Map.entry("with-node-id", "use the name in nodes"),
          Map.entry("write-kubeconfig", IS_FIXED),
          Map.entry("write-kubeconfig-group", IS_FIXED),
          Map.entry("write-kubeconfig-mode", IS_FIXED));

  private static final String REMOVE_IT = ComponentFlags.REMOVE_IT;
  private static final String NEEDED = "would leave out a part of K3s that nordfaas relies on";
  private static final String OTHER_RUNTIME =
      "would replace K3s' own container runtime, which nordfaas relies on";
  private static final String OTHER_NETWORK =
      "would replace the pods' network, which the firewall knows";
  private static final String PROGRAMS =
      "would let the kubelet run programs that no check has seen";

  private static final String USE_LOGINS = "use openfaas.registries";
  private static final String USE_BACKEND = "use k3s.flannelBackend";

  /** Keys that would weaken what nordfaas promises. */
  private static final Map<String, Refusal> WEAKENING =
      Map.ofEntries(
          Map.entry("container-runtime-endpoint", new Refusal(OTHER_RUNTIME, REMOVE_IT)),
          Map.entry("disable-apiserver", new Refusal(NEEDED, REMOVE_IT)),
          Map.entry("disable-cloud-controller", new Refusal(NEEDED, REMOVE_IT)),
          Map.entry("disable-controller-manager", new Refusal(NEEDED, REMOVE_IT)),
          Map.entry("disable-etcd", new Refusal(NEEDED, REMOVE_IT)),
          Map.entry("disable-helm-controller", new Refusal(NEEDED, REMOVE_IT)),
          Map.entry("disable-kube-proxy", new Refusal(NEEDED, REMOVE_IT)),
          Map.entry(
              "disable-network-policy",
              new Refusal(
                  "would let every pod reach every other one, the database and NATS included",
                  REMOVE_IT)),
          Map.entry("disable-scheduler", new Refusal(NEEDED, REMOVE_IT)),
          Map.entry("docker", new Refusal(OTHER_RUNTIME, REMOVE_IT)),
          Map.entry(
              "embedded-registry",
              new Refusal(
                  "needs TCP port 5001 between the nodes, which the firewall closes",
                  "remove it; k3s.registries names mirrors")),
          Map.entry("enable-pprof", new Refusal("would let clients profile K3s", REMOVE_IT)),
          Map.entry(
              "etcd-expose-metrics",
              new Refusal(
                  "would show etcd's metrics to every pod, without TLS or a login", REMOVE_IT)),
          Map.entry(
              "etcd-snapshot-dir",
              new Refusal(
                  "would take no snapshots until somebody has made the folder on every server",
                  REMOVE_IT)),
          Map.entry("flannel-cni-conf", new Refusal(OTHER_NETWORK, USE_BACKEND)),
          Map.entry("flannel-conf", new Refusal(OTHER_NETWORK, USE_BACKEND)),
          Map.entry(
              "flannel-external-ip",
              new Refusal(
                  "would send the pods' traffic over the nodes' public addresses",
                  "use nodes.<name>.privateAddress")),
          Map.entry("image-credential-provider-bin-dir", new Refusal(PROGRAMS, USE_LOGINS)),
          Map.entry("image-credential-provider-config", new Refusal(PROGRAMS, USE_LOGINS)),
          Map.entry("image-service-endpoint", new Refusal(OTHER_RUNTIME, REMOVE_IT)),
          Map.entry(
              "log",
              new Refusal(
                  "would write K3s' log to a file whose size nothing limits",
                  "remove it: journald keeps the log, up to host.journalMaxUse")),
          Map.entry(
              "service-node-port-range",
              new Refusal(
                  "would move node ports from the range that the hosts reserve for them",
                  REMOVE_IT)),
          Map.entry(
              "tls-san-security",
              new Refusal(
                  "would let clients add names to the API server's certificate", REMOVE_IT)),
          Map.entry("vpn-auth", new Refusal(OTHER_NETWORK, USE_BACKEND)),
          Map.entry("vpn-auth-file", new Refusal(OTHER_NETWORK, USE_BACKEND)));

  private K3sKeys() {}

  /** What to do instead of a key that cannot be set in the stack config. */
  public static Optional<String> ours(String key) {
    return Optional.ofNullable(OURS.get(key));
  }

  /** Why a key may not be set, although K3s has it and nordfaas does not write it. */
  public static Optional<Refusal> weakening(String key) {
    return Optional.ofNullable(WEAKENING.get(key));
  }

  /** Whether any release has the key. */
  public static boolean isKnown(String key) {
    return isOfServers(key) || isOfAgents(key);
  }

  /** Whether servers have the key. */
  public static boolean isOfServers(String key) {
    return SERVER.contains(key) || NODE.contains(key);
  }

  /** Whether agents have the key. */
  public static boolean isOfAgents(String key) {
    return AGENT.contains(key) || NODE.contains(key);
  }

  /** All current keys. */
  public static Set<String> all() {
    var all = new TreeSet<>(SERVER);
    all.addAll(AGENT);
    all.addAll(NODE);
    return all;
  }

  /** The current name of a key that was renamed. */
  public static Optional<String> renamed(String key) {
    return Optional.ofNullable(RENAMED.get(key));
  }

  /** What to do instead of a key that the release no longer has. */
  public static Optional<Gone> gone(String key, K3sRelease release) {
    return Optional.ofNullable(GONE.get(key)).filter(gone -> release.minor() >= gone.sinceMinor());
  }

  /** The first minor release with the key, if the given release is older. */
  public static Optional<Integer> missing(String key, K3sRelease release) {
    return Optional.ofNullable(SINCE.get(key)).filter(since -> release.minor() < since);
  }
}
