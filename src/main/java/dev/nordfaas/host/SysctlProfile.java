package dev.nordfaas.host;

import dev.nordfaas.config.HostConfig.SysctlProfileName;
import java.util.List;

/** The tuned sets of sysctls that ship with nordfaas, each value with its reason. */
public final class SysctlProfile {
  private static final String ARTICLE = "serverless tuning of a 32 GiB VPS";
  private static final String KUBELET = "kubelet, protect-kernel-defaults";
  private static final String CHARMED = "Charmed Kubernetes, sysctl defaults";

  private static final List<Sysctl> SERVERLESS =
      List.of(
          new Sysctl(
              "fs.file-max",
              "2097152",
              "500 invocations at once and 10000 pooled connections, each a file, system-wide",
              ARTICLE),
          new Sysctl(
              "net.ipv4.tcp_max_syn_backlog",
              "4096",
              "half-open connections that a burst leaves waiting for their last handshake packet",
              ARTICLE),
          new Sysctl(
              "net.ipv4.tcp_tw_reuse",
              "1",
              "many short calls to one address would run out of local ports in TIME_WAIT",
              ARTICLE),
          new Sysctl(
              "net.ipv4.ip_local_port_range",
              "1024 65535",
              "as many outgoing connections to one address as there are ports",
              ARTICLE),
          new Sysctl(
              "net.core.netdev_max_backlog",
              "16384",
              "packets that wait for a CPU while a burst comes in; beyond it they are dropped",
              ARTICLE),
          new Sysctl(
              "net.core.somaxconn",
              "8192",
              "connections that wait for accept; pods have a namespace and a value of their own",
              ARTICLE),
          new Sysctl(
              "vm.max_map_count",
              "262144",
              "memory maps per process; runtimes with many threads and mapped files need more",
              ARTICLE),
          new Sysctl("vm.swappiness", "10", "paging out a warm function makes it cold", ARTICLE),
          new Sysctl(
              "net.ipv4.ip_forward", "1", "without it no packet reaches a pod", "Kubernetes"),
          new Sysctl(
              "vm.panic_on_oom",
              "0",
              "running out of memory kills a process, not the node",
              KUBELET),
          new Sysctl("vm.overcommit_memory", "1", "the kubelet does not start without it", KUBELET),
          new Sysctl("kernel.panic", "10", "a node that panicked is back after 10 s", KUBELET),
          new Sysctl("kernel.panic_on_oops", "1", "a broken kernel must not go on", KUBELET),
          new Sysctl(
              "kernel.keys.root_maxkeys", "1000000", "every container takes a key ring", KUBELET),
          new Sysctl(
              "kernel.keys.root_maxbytes",
              "25000000",
              "25 bytes for each of the key rings",
              KUBELET),
          new Sysctl(
              "fs.inotify.max_user_instances",
              "8192",
              "every pod watches its ConfigMaps; the default of 128 fails with 'too many open files'",
              CHARMED),
          new Sysctl(
              "fs.inotify.max_user_watches",
              "1048576",
              "log followers and runtimes watch many files",
              CHARMED),
          new Sysctl(
              "net.ipv4.neigh.default.gc_thresh1",
              "4096",
              "neighbours that are never collected: one for each pod and node",
              CHARMED + ", scaled to 5 nodes"),
          new Sysctl(
              "net.ipv4.neigh.default.gc_thresh2",
              "8192",
              "neighbours that may stay for 5 s",
              CHARMED + ", scaled to 5 nodes"),
          new Sysctl(
              "net.ipv4.neigh.default.gc_thresh3",
              "16384",
              "beyond it new connections fail with 'neighbour table overflow'",
              CHARMED + ", scaled to 5 nodes"));

  private SysctlProfile() {}

  /** The settings of the profile of that name. */
  public static List<Sysctl> of(SysctlProfileName name) {
    return switch (name) {
      case SERVERLESS -> SERVERLESS;
    };
  }
}
