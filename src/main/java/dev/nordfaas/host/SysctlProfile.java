package dev.nordfaas.host;

import dev.nordfaas.config.HostConfig.SysctlProfileName;
import java.util.List;

/** The tuned sets of sysctls that ship with nordfaas, each value with its reason. */
public final class SysctlProfile {
  /** The highest limit of open files that a login gets, from {@code limits.conf}. */
  static final String LOGIN_FILES = "1048576";

  private static final String ARTICLE = "serverless tuning of a 32 GiB VPS";
  private static final String KUBELET = "kubelet, protect-kernel-defaults";
  private static final String NO_KUBELET = "keeps the kubelet from starting";
  private static final String CHARMED = "Charmed Kubernetes, sysctl defaults";
  private static final String NEIGHBOURS = CHARMED + ", scaled to 5 nodes";
  private static final String THRESH = "net.ipv4.neigh.default.gc_thresh";

  private static final List<Sysctl> SERVERLESS =
      List.of(
          Sysctl.of(
              "fs.file-max",
              "2097152",
              "500 invocations at once and 10000 pooled connections, each a file, system-wide",
              ARTICLE),
          Sysctl.of(
                  "fs.nr_open",
                  LOGIN_FILES,
                  "the most that one process may have open; a login asks for as many",
                  "Linux' own default")
              .against(
                  Conflict.ifBelow(
                      "fs.nr_open",
                      LOGIN_FILES,
                      "keeps everybody from logging in: a login's limit of open files could not be set"),
                  Conflict.ifAbove(
                      "fs.file-max", "one process could take more files than there are")),
          Sysctl.of(
                  "net.ipv4.tcp_max_syn_backlog",
                  "4096",
                  "half-open connections that a burst leaves waiting for their last handshake packet",
                  ARTICLE)
              .against(
                  Conflict.ifAbove(
                      "net.core.somaxconn",
                      "the kernel lets no more connections be half-open than may wait for accept")),
          Sysctl.of(
                  "net.ipv4.tcp_tw_reuse",
                  "1",
                  "many short calls to one address would run out of local ports in TIME_WAIT",
                  ARTICLE)
              .against(
                  Conflict.ifOff(
                      "net.ipv4.tcp_timestamps",
                      "without timestamps no connection in TIME_WAIT is reused")),
          Sysctl.of(
              "net.ipv4.ip_local_port_range",
              "1024 65535",
              "as many outgoing connections to one address as there are ports",
              ARTICLE),
          Sysctl.of(
              "net.core.netdev_max_backlog",
              "16384",
              "packets that wait for a CPU while a burst comes in; beyond it they are dropped",
              ARTICLE),
          Sysctl.of(
              "net.core.somaxconn",
              "8192",
              "connections that wait for accept; pods have a namespace and a value of their own",
              ARTICLE),
          Sysctl.of(
              "vm.max_map_count",
              "262144",
              "memory maps per process; runtimes with many threads and mapped files need more",
              ARTICLE),
          Sysctl.of("vm.swappiness", "10", "paging out a warm function makes it cold", ARTICLE),
          Sysctl.of("net.ipv4.ip_forward", "1", "without it no packet reaches a pod", "Kubernetes")
              .against(
                  Conflict.unlessKept(
                      "net.ipv4.ip_forward", "1", "cuts the pods off from each other"),
                  Conflict.ifOff(
                      "net.ipv4.conf.all.forwarding",
                      "the two are one switch, and the pods are cut off from each other")),
          Sysctl.fixed(
              "vm.panic_on_oom",
              "0",
              "running out of memory kills a process, not the node",
              KUBELET,
              NO_KUBELET),
          Sysctl.fixed(
              "vm.overcommit_memory",
              "1",
              "the kubelet does not start without it",
              KUBELET,
              NO_KUBELET),
          Sysctl.fixed(
              "kernel.panic", "10", "a node that panicked is back after 10 s", KUBELET, NO_KUBELET),
          Sysctl.fixed(
              "kernel.panic_on_oops", "1", "a broken kernel must not go on", KUBELET, NO_KUBELET),
          Sysctl.fixed(
              "kernel.keys.root_maxkeys",
              "1000000",
              "every container takes a key ring",
              KUBELET,
              NO_KUBELET),
          Sysctl.fixed(
              "kernel.keys.root_maxbytes",
              "25000000",
              "25 bytes for each of the key rings",
              KUBELET,
              NO_KUBELET),
          Sysctl.of(
              "fs.inotify.max_user_instances",
              "8192",
              "every pod watches its ConfigMaps; the default of 128 fails with 'too many open files'",
              CHARMED),
          Sysctl.of(
              "fs.inotify.max_user_watches",
              "1048576",
              "log followers and runtimes watch many files",
              CHARMED),
          Sysctl.of(
                  THRESH + "1",
                  "4096",
                  "neighbours that are never collected: one for each pod and node",
                  NEIGHBOURS)
              .against(
                  Conflict.ifAbove(
                      THRESH + "2", "neighbours would be collected before they count")),
          Sysctl.of(THRESH + "2", "8192", "neighbours that may stay for 5 s", NEIGHBOURS)
              .against(
                  Conflict.ifAbove(
                      THRESH + "3", "the table would be full before it is cleaned up")),
          Sysctl.of(
              THRESH + "3",
              "16384",
              "beyond it new connections fail with 'neighbour table overflow'",
              NEIGHBOURS));

  /**
   * K3s sets these at each start, whatever a node's config says (source: pkg/agent/syssetup, and
   * Kubernetes v1.34.4, NewProxier in pkg/proxy/iptables). The kubelet only compares what the
   * profile sets for it, and kube-proxy sets those of connection tracking only if it is told to.
   */
  private static final List<Sysctl> OF_K3S =
      List.of(
          ofK3s(
              "net.bridge.bridge-nf-call-iptables",
              "when it starts",
              "the rules of services need it"),
          ofK3s(
              "net.bridge.bridge-nf-call-ip6tables",
              "when it starts on a node with IPv6",
              "the rules of services need it"),
          ofK3s("net.ipv4.conf.default.forwarding", "when it starts", "pods need it"),
          ofK3s(
              "net.ipv4.conf.all.route_localnet",
              "when it starts",
              "node ports on 127.0.0.1 need it, and the firewall drops what would misuse it"));

  private SysctlProfile() {}

  private static Sysctl ofK3s(String name, String when, String why) {
    return Sysctl.fixed(
        name, "1", why, "K3s", "does not last: K3s sets it to 1 %s, as %s".formatted(when, why));
  }

  /** Settings that K3s sets itself, and the values that a config cannot override. */
  public static List<Sysctl> ofK3s() {
    return OF_K3S;
  }

  /** The settings of the profile of that name. */
  public static List<Sysctl> of(SysctlProfileName name) {
    return switch (name) {
      case SERVERLESS -> SERVERLESS;
    };
  }
}
