package dev.nordfaas.policy;

import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.config.model.Refusal;
import dev.nordfaas.host.HostFiles;
import dev.nordfaas.plan.Plan;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Packages and files of the user leave alone what makes a host a node of the platform. */
final class HostExtrasRule implements Rule {
  private static final KeyPath PACKAGES = KeyPath.of("host", "packages");
  private static final KeyPath FILES = KeyPath.of("host", "files");
  private static final String REMOVE = "remove it";

  private static final Refusal FIREWALL =
      new Refusal("writes firewall rules against those of nordfaas", "use host.firewall");
  private static final Refusal CONTAINERS =
      new Refusal("runs containers beside K3s, and its rules cut pods off", REMOVE);
  private static final Refusal CLOCK =
      new Refusal("replaces systemd-timesyncd, which sets the clock", "use host.ntpServers");
  private static final Refusal KUBERNETES =
      new Refusal("is of another Kubernetes than K3s", REMOVE);
  private static final Refusal WEB =
      new Refusal("listens on port 80, which the edge takes", "run it as a function");

  private static final Map<String, Refusal> REFUSED_PACKAGES =
      Map.ofEntries(
          Map.entry("ufw", FIREWALL),
          Map.entry("firewalld", FIREWALL),
          Map.entry("iptables-persistent", FIREWALL),
          Map.entry("netfilter-persistent", FIREWALL),
          Map.entry("shorewall", FIREWALL),
          Map.entry("ferm", FIREWALL),
          Map.entry("docker.io", CONTAINERS),
          Map.entry("docker-ce", CONTAINERS),
          Map.entry("containerd", CONTAINERS),
          Map.entry("containerd.io", CONTAINERS),
          Map.entry("cri-o", CONTAINERS),
          Map.entry("chrony", CLOCK),
          Map.entry("ntp", CLOCK),
          Map.entry("ntpsec", CLOCK),
          Map.entry("openntpd", CLOCK),
          Map.entry("kubelet", KUBERNETES),
          Map.entry("kubeadm", KUBERNETES),
          Map.entry("etcd-server", KUBERNETES),
          Map.entry("apache2", WEB),
          Map.entry("nginx", WEB),
          Map.entry("caddy", WEB),
          Map.entry("haproxy", WEB),
          Map.entry("lighttpd", WEB));

  /** Folders and files that more than nordfaas' own files depend on; the longest one counts. */
  private static final Map<String, Refusal> REFUSED_PATHS =
      Map.ofEntries(
          path("/etc/ssh", "decides who gets in", "use ssh and host.authorizedKeys"),
          path("/root/.ssh", "decides who gets in", "use host.authorizedKeys"),
          path("/home", "belongs to users", "use host.authorizedKeys for keys"),
          path("/etc/sudoers", "decides who becomes root", REMOVE),
          path("/etc/sudoers.d", "decides who becomes root", REMOVE),
          path("/etc/pam.d", "decides who gets in", REMOVE),
          path("/etc/passwd", "belongs to the system's users", REMOVE),
          path("/etc/group", "belongs to the system's users", REMOVE),
          path("/etc/shadow", "belongs to the system's users", REMOVE),
          path("/etc/rancher", "belongs to K3s", "use k3s.extraConfig"),
          path("/var/lib/rancher", "belongs to K3s", "use k3s.extraConfig"),
          path("/etc/systemd/system/k3s.service.d", "belongs to K3s", REMOVE),
          path("/etc/systemd/system/k3s-agent.service.d", "belongs to K3s", REMOVE),
          path("/etc/systemd/system/k3s.service", "belongs to K3s", REMOVE),
          path("/etc/systemd/system/k3s-agent.service", "belongs to K3s", REMOVE),
          path("/usr/local/bin", "belongs to K3s", "use /opt"),
          path("/usr/local/sbin", "belongs to K3s", "use /opt"),
          path("/etc/nftables.conf", "is loaded beside the rules of nordfaas", "use host.firewall"),
          path("/etc/nftables.d", "is loaded beside the rules of nordfaas", "use host.firewall"),
          path("/etc/nordfaas", "belongs to nordfaas", REMOVE),
          path("/var/lib/nordfaas", "belongs to nordfaas", REMOVE),
          path("/etc/sysctl.d", "would set sysctls beside those of nordfaas", "use host.sysctls"),
          path(
              "/etc/sysctl.conf", "would set sysctls beside those of nordfaas", "use host.sysctls"),
          path("/etc/cloud", "decides what the first boot does", REMOVE),
          path("/var/lib/cloud", "decides what the first boot does", REMOVE),
          path("/etc/fstab", "decides what is mounted", "use host.dataVolumeLabel"),
          path("/etc/hostname", "is the name of the node", "use the node's name in nodes"),
          path("/etc/localtime", "is the time zone", "use host.timezone"),
          path("/etc/timezone", "is the time zone", "use host.timezone"),
          path("/boot", "decides whether the host starts", REMOVE),
          path("/dev", "does not outlive a restart", "use /etc, /opt or /usr/local/share"),
          path("/proc", "does not outlive a restart", "use /etc, /opt or /usr/local/share"),
          path("/sys", "does not outlive a restart", "use /etc, /opt or /usr/local/share"),
          path("/run", "does not outlive a restart", "use /etc, /opt or /usr/local/share"),
          path("/tmp", "does not outlive a restart", "use /etc, /opt or /usr/local/share"));

  /** The line that begins a file for the node's script. */
  private static final Pattern SEPARATOR = Pattern.compile("(?m)^==> /");

  private static Map.Entry<String, Refusal> path(String path, String reason, String fix) {
    return Map.entry(path, new Refusal(reason, fix));
  }

  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    checkPackages(config.host().packages(), problems);
    var ofPlatform = new TreeSet<String>();
    plan.hosts().forEach(host -> ofPlatform.addAll(HostFiles.pathsOfPlatform(host)));
    config
        .host()
        .files()
        .forEach(
            (path, content) -> {
              refusal(path, ofPlatform, config.host().files().keySet())
                  .ifPresent(
                      refusal ->
                          problems.add(
                              FILES.key(path), path + " " + refusal.reason(), refusal.fix()));
              checkContent(path, content, problems);
            });
  }

  private static void checkPackages(List<String> packages, Problems problems) {
    for (var i = 0; i < packages.size(); i++) {
      var name = packages.get(i);
      var refusal = REFUSED_PACKAGES.get(name);
      if (refusal != null) {
        problems.add(PACKAGES.index(i), name + " " + refusal.reason(), refusal.fix());
      }
      if (name.endsWith("-")) {
        problems.add(
            PACKAGES.index(i),
            name + " would remove the package for apt",
            "write a name without it");
      }
    }
  }

  private static Optional<Refusal> refusal(
      String path, Iterable<String> ofPlatform, Iterable<String> ofUser) {
    for (var own : ofPlatform) {
      if (contains(own, path) || contains(path, own)) {
        return Optional.of(new Refusal("is written by nordfaas", "choose another path"));
      }
    }
    for (var other : ofUser) {
      if (!other.equals(path) && contains(path, other)) {
        return Optional.of(
            new Refusal("is the folder of another file, " + other, "choose another path"));
      }
    }
    return REFUSED_PATHS.entrySet().stream()
        .filter(entry -> contains(entry.getKey(), path) || contains(path, entry.getKey()))
        .max(Comparator.comparingInt(entry -> entry.getKey().length()))
        .map(Map.Entry::getValue);
  }

  private static boolean contains(String folder, String path) {
    return path.equals(folder) || path.startsWith(folder + "/");
  }

  private static void checkContent(String path, String content, Problems problems) {
    if (SEPARATOR.matcher(content).find()) {
      problems.add(
          FILES.key(path),
          "has a line that begins with '==> /', which separates files on their way to the host",
          "indent that line");
    }
    if (content.chars().anyMatch(c -> c == 0 || c == '\r')) {
      problems.add(FILES.key(path), "has line breaks of Windows, or a NUL", "use line feeds alone");
    }
  }
}
