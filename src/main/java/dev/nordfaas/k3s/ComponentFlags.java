package dev.nordfaas.k3s;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The flags of Kubernetes' components and of etcd that K3s passes on from keys such as {@code
 * kubelet-arg}. Only flags that are known to leave intact what nordfaas promises may be set;
 * everything else is refused, also what a later release adds. Taken from the reference of
 * Kubernetes v1.34 and etcd 3.6.
 */
public final class ComponentFlags {
  /**
   * Why a key or flag may not be set, and what to do instead.
   *
   * @param unknown the name of a flag that is not known at all
   */
  public record Refusal(String reason, String fix, Optional<String> unknown) {
    Refusal(String reason, String fix) {
      this(reason, fix, Optional.empty());
    }
  }

  static final String IS_FIXED = "remove it: nordfaas relies on its own value";

  static final String REMOVE_IT = "remove it";
  private static final String LIST = "docs/k3s.md#flags-of-components";

  /** client-go logs the bodies of requests from the next level on. */
  private static final int MAX_LOG_LEVEL = 7;

  private static final Pattern LOG_LEVEL = Pattern.compile("[0-" + MAX_LOG_LEVEL + "]");
  private static final Pattern LOG_LEVELS =
      Pattern.compile("[^=,]+=[0-%1$d](,[^=,]+=[0-%1$d])*".formatted(MAX_LOG_LEVEL));

  /** Flags that only weaken the cluster with other values than these. */
  private static final Map<String, Pattern> HARMLESS_VALUES =
      Map.of(
          "seccomp-default", Pattern.compile("true"),
          "tls-min-version", Pattern.compile("VersionTLS1[23]"));

  /** Flags that nordfaas writes itself, by the key that passes them on. */
  private static final Map<String, Map<String, String>> OURS =
      Map.of(
          "kubelet-arg",
          Map.of(
              "max-pods", "use k3s.maxPods",
              "pods-per-core", "use k3s.maxPods",
              "reserved-cpus", IS_FIXED,
              "allowed-unsafe-sysctls", IS_FIXED,
              "container-log-max-files", IS_FIXED,
              "container-log-max-size", IS_FIXED,
              "kube-reserved", IS_FIXED,
              "system-reserved", IS_FIXED),
          "kube-apiserver-arg",
          Map.of(
              "admission-control-config-file", "use k3s.podSecurityExemptions",
              "audit-log-path", IS_FIXED,
              "audit-policy-file", IS_FIXED,
              "audit-log-maxage", IS_FIXED,
              "audit-log-maxbackup", IS_FIXED,
              "audit-log-maxsize", IS_FIXED,
              "default-not-ready-toleration-seconds", IS_FIXED,
              "default-unreachable-toleration-seconds", IS_FIXED),
          "kube-controller-manager-arg",
          Map.of("node-cidr-mask-size", "use k3s.maxPods"),
          "kube-proxy-arg",
          Map.of(
              "conntrack-max-per-core", "use host.sysctls: net.netfilter.nf_conntrack_max",
              "conntrack-min", "use host.sysctls: net.netfilter.nf_conntrack_max",
              "conntrack-tcp-timeout-close-wait",
                  "use host.sysctls: net.netfilter.nf_conntrack_tcp_timeout_close_wait",
              "conntrack-tcp-timeout-established",
                  "use host.sysctls: net.netfilter.nf_conntrack_tcp_timeout_established",
              "conntrack-tcp-be-liberal",
                  "use host.sysctls: net.netfilter.nf_conntrack_tcp_be_liberal",
              "conntrack-udp-timeout", "use host.sysctls: net.netfilter.nf_conntrack_udp_timeout",
              "conntrack-udp-timeout-stream",
                  "use host.sysctls: net.netfilter.nf_conntrack_udp_timeout_stream"));

  /** A kind of flags that weaken a cluster, whichever component has them. */
  private enum Weakening {
    WHO(
        "would change who is let in, and what they may do",
        "authori[sz]ation-.*|authentication-.*|anonymous-auth|.*-auth-file|(peer-)?client-cert-.*"
            + "|.*client-ca-file|(peer-)?trusted-ca-file|requestheader-.*|service-account-.*"
            + "|use-service-account-credentials|root-ca-file|cluster-signing-.*|cert-dir"
            + "|kubelet-(client|certificate)-.*|proxy-client-.*|(bootstrap-)?kubeconfig|master"
            + "|rotate-.*certificates|auth-token(-.*)?|(peer-)?auto-tls"),
    ADMISSION(
        "would change what pods, nodes and users are held to",
        "(enable|disable)-admission-plugins|admission-control.*|allow-privileged"),
    OPEN(
        "would open a door that has no lock",
        "insecure-.*|read-only-port|(.*-)?bind-address|address|(.*-)?port|(contention-)?profiling"
            + "|enable-pprof|listen-.*-urls"),
    AUDIT("would change what the audit log records", "audit-.*"),
    SECRETS("would change how Secrets are encrypted", "encryption-provider-.*"),
    TLS(
        "would change how connections are encrypted",
        "tls-.*|(peer-)?(cipher-suites|cert-file|key-file|tls-.*)|etcd-.*file"),
    UNSEEN(
        "would load settings or pods that no check has seen",
        "config|config-dir|config-file|pod-manifest-path|manifest-url(-header)?|write-config-to"
            + "|egress-selector-config-file|tracing-config-file|image-credential-provider-.*"
            + "|cloud-config"),
    LIMITS(
        "would lift limits that keep a pod from taking the whole node",
        "protect-kernel-defaults|seccomp-default|cpu-cfs-quota|cgroups-per-qos"
            + "|enforce-node-allocatable|local-storage-capacity-isolation|fail-swap-on"
            + "|cgroup-.*|(kube|system)-reserved-cgroup|oom-score-adj"),
    PARTS(
        "would switch parts of Kubernetes on or off",
        "feature-gates|runtime-config|controllers|emulat.*|allocate-node-cidrs|cloud-provider");

    private final String reason;
    private final Pattern names;

    Weakening(String reason, String names) {
      this.reason = reason;
      this.names = Pattern.compile(names);
    }

    private static Optional<Weakening> of(String name) {
      return Arrays.stream(values())
          .filter(weakening -> weakening.names.matcher(name).matches())
          .findFirst();
    }
  }

  /** Of every Kubernetes component. */
  private static final Set<String> OF_ALL =
      Set.of(
          "kube-api-burst",
          "kube-api-qps",
          "log-flush-frequency",
          "logging-format",
          "v",
          "vmodule");

  /** Of those of which one is elected. */
  private static final Set<String> OF_ELECTED =
      union(
          OF_ALL,
          Set.of(
              "leader-elect-lease-duration",
              "leader-elect-renew-deadline",
              "leader-elect-retry-period"));

  /** Flags that weaken nothing, by the key that passes them on. */
  private static final Map<String, Set<String>> HARMLESS =
      Map.of(
          "kubelet-arg",
          union(
              OF_ALL,
              Set.of(
                  "cpu-cfs-quota-period",
                  "cpu-manager-policy",
                  "cpu-manager-policy-options",
                  "cpu-manager-reconcile-period",
                  "event-burst",
                  "event-qps",
                  "eviction-hard",
                  "eviction-max-pod-grace-period",
                  "eviction-minimum-reclaim",
                  "eviction-pressure-transition-period",
                  "eviction-soft",
                  "eviction-soft-grace-period",
                  "global-housekeeping-interval",
                  "housekeeping-interval",
                  "image-gc-high-threshold",
                  "image-gc-low-threshold",
                  "kernel-memcg-notification",
                  "memory-manager-policy",
                  "minimum-image-ttl-duration",
                  "node-status-update-frequency",
                  "pod-max-pids",
                  "registry-burst",
                  "registry-qps",
                  "reserved-memory",
                  "runtime-request-timeout",
                  "serialize-image-pulls",
                  "sync-frequency",
                  "topology-manager-policy",
                  "topology-manager-policy-options",
                  "topology-manager-scope",
                  "volume-stats-agg-period")),
          "kube-apiserver-arg",
          union(
              OF_ALL,
              Set.of(
                  "default-watch-cache-size",
                  "delete-collection-workers",
                  "event-ttl",
                  "goaway-chance",
                  "http2-max-streams-per-connection",
                  "livez-grace-period",
                  "max-mutating-requests-inflight",
                  "max-requests-inflight",
                  "min-request-timeout",
                  "oidc-ca-file",
                  "oidc-client-id",
                  "oidc-groups-claim",
                  "oidc-groups-prefix",
                  "oidc-issuer-url",
                  "oidc-required-claim",
                  "oidc-signing-algs",
                  "oidc-username-claim",
                  "oidc-username-prefix",
                  "request-timeout",
                  "shutdown-delay-duration",
                  "watch-cache-sizes")),
          "kube-controller-manager-arg",
          union(
              OF_ELECTED,
              Set.of(
                  "attach-detach-reconcile-sync-period",
                  "concurrent-cron-job-syncs",
                  "concurrent-deployment-syncs",
                  "concurrent-endpoint-syncs",
                  "concurrent-gc-syncs",
                  "concurrent-horizontal-pod-autoscaler-syncs",
                  "concurrent-job-syncs",
                  "concurrent-namespace-syncs",
                  "concurrent-replicaset-syncs",
                  "concurrent-service-endpoint-syncs",
                  "concurrent-statefulset-syncs",
                  "horizontal-pod-autoscaler-cpu-initialization-period",
                  "horizontal-pod-autoscaler-downscale-stabilization",
                  "horizontal-pod-autoscaler-initial-readiness-delay",
                  "horizontal-pod-autoscaler-sync-period",
                  "horizontal-pod-autoscaler-tolerance",
                  "large-cluster-size-threshold",
                  "max-endpoints-per-slice",
                  "min-resync-period",
                  "namespace-sync-period",
                  "node-eviction-rate",
                  "node-monitor-grace-period",
                  "node-monitor-period",
                  "node-startup-grace-period",
                  "pvclaimbinder-sync-period",
                  "resource-quota-sync-period",
                  "secondary-node-eviction-rate",
                  "terminated-pod-gc-threshold",
                  "unhealthy-zone-threshold")),
          "kube-cloud-controller-manager-arg",
          union(OF_ELECTED, Set.of("min-resync-period", "node-monitor-period")),
          "kube-scheduler-arg",
          union(OF_ELECTED, Set.of("pod-max-in-unschedulable-pods-duration")),
          "kube-proxy-arg",
          union(
              OF_ALL,
              Set.of(
                  "config-sync-period",
                  "iptables-min-sync-period",
                  "iptables-sync-period",
                  "nodeport-addresses")),
          "etcd-arg",
          Set.of(
              "auto-compaction-mode",
              "auto-compaction-retention",
              "backend-batch-interval",
              "backend-batch-limit",
              "election-timeout",
              "heartbeat-interval",
              "log-level",
              "max-request-bytes",
              "max-txn-ops",
              "quota-backend-bytes",
              "snapshot-count"));

  private ComponentFlags() {}

  /** The keys that pass flags on to a component. */
  public static Set<String> keys() {
    return HARMLESS.keySet();
  }

  /** The flags that may be set with a key. */
  public static Set<String> harmless(String key) {
    return HARMLESS.getOrDefault(key, Set.of());
  }

  /**
   * Why a flag, {@code name=value}, may not be set; empty if it may, or if the key passes on none.
   */
  public static Optional<Refusal> refusal(String key, String flag) {
    if (!HARMLESS.containsKey(key)) {
      return logRefusal(key, flag);
    }
    var name = name(flag);
    var value = value(flag);
    var ours = OURS.getOrDefault(key, Map.of()).get(name);
    if (ours != null) {
      return Optional.of(new Refusal("cannot be set here", ours));
    }
    if (HARMLESS_VALUES.containsKey(name) && HARMLESS_VALUES.get(name).matcher(value).matches()) {
      return Optional.empty();
    }
    var weakening = Weakening.of(name);
    if (weakening.isPresent()) {
      return Optional.of(new Refusal(weakening.get().reason, REMOVE_IT));
    }
    return HARMLESS.get(key).contains(name) ? logRefusal(name, value) : unknown(name);
  }

  private static Optional<Refusal> unknown(String name) {
    return Optional.of(
        new Refusal(
            "is not among the flags that nordfaas knows to be harmless",
            "remove it; " + LIST + " lists the flags that may be set",
            Optional.of(name)));
  }

  private static Optional<Refusal> logRefusal(String name, String value) {
    var isHarmless =
        switch (name) {
          case "v" -> LOG_LEVEL.matcher(value).matches();
          case "vmodule" -> LOG_LEVELS.matcher(value).matches();
          default -> true;
        };
    return isHarmless
        ? Optional.empty()
        : Optional.of(
            new Refusal(
                "may write whole requests into the node's log, Secrets among them",
                "use a level from 0 to " + MAX_LOG_LEVEL));
  }

  /**
   * K3s takes the hyphens before a name away, and a {@code +} or {@code -} after it (source:
   * GetArgs in pkg/util); the components take an underscore for a hyphen.
   */
  static String name(String flag) {
    return flag.replaceFirst("(?s)=.*", "")
        .strip()
        .replace('_', '-')
        .replaceAll("^-+|[-+]+$", "")
        .toLowerCase(Locale.ROOT);
  }

  static String value(String flag) {
    return flag.contains("=") ? flag.substring(flag.indexOf('=') + 1).strip() : "true";
  }

  private static Set<String> union(Set<String> some, Set<String> others) {
    return Stream.concat(some.stream(), others.stream()).collect(Collectors.toUnmodifiableSet());
  }
}
