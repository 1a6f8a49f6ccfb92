package dev.nordfaas.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The operating system of every node. */
public record HostConfig(
    @Key(
            value = "Public SSH keys that may log in as ssh.user. Passwords are never accepted.",
            pattern = SshAuthorizedKey.PATTERN,
            hint = SshAuthorizedKey.HINT,
            notEmpty = true,
            example =
                "[\"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHm4L1R9bVXoKbZ3ZqU7d5T4kC3N4rj5P1VqB7c0Xe2S ola\"]")
        List<SshAuthorizedKey> authorizedKeys,
    @Key("What the firewall lets in besides ports 80 and 443.") FirewallConfig firewall,
    @Key(
            value =
                "The set of tuned sysctls. serverless: a burst of 500 concurrent invocations does not choke the host.",
            defaultValue = "serverless")
        SysctlProfileName sysctlProfile,
    @Key(
            value =
                "Sysctls that add to or override the profile's, for every node. K3s does not touch net.netfilter.nf_conntrack_max, nf_conntrack_tcp_timeout_established and nf_conntrack_tcp_timeout_close_wait if they are set here; otherwise it sets them at each start, nf_conntrack_max to 32768 per CPU and at least 131072.",
            defaultValue = "{}",
            keyPattern = Patterns.SYSCTL,
            keyHint = Patterns.SYSCTL_HINT,
            pattern = Patterns.SYSCTL_VALUE,
            hint = Patterns.SYSCTL_VALUE_HINT,
            integers = true)
        Map<String, String> sysctls,
    @Key(
            value = "Time zone of the nodes.",
            defaultValue = "Europe/Oslo",
            pattern = Patterns.TIME_ZONE,
            hint = Patterns.TIME_ZONE_HINT)
        String timezone,
    @Key(
            value = "NTP servers. Default: Justervesenet, the Norwegian metrology service.",
            defaultValue = "[ntp.justervesenet.no]",
            pattern = Patterns.HOST,
            hint = Patterns.HOST_HINT,
            notEmpty = true)
        List<String> ntpServers,
    @Key(value = "Disk space that journald may use.", defaultValue = "1Gi") ByteSize journalMaxUse,
    @Key(
            value = "File-system label of a separate data volume, mounted at /var/lib/rancher.",
            pattern = "[A-Za-z0-9][A-Za-z0-9._-]{0,15}",
            hint = "a label of at most 16 characters, such as data")
        Optional<String> dataVolumeLabel,
    @Key(
            value =
                "Further packages of the distribution, without versions: security updates replace them every day. A package that leaves this list stays installed.",
            defaultValue = "[]",
            pattern = Patterns.PACKAGE,
            hint = Patterns.PACKAGE_HINT)
        List<String> packages,
    @Key(
            value =
                "Further text files by their absolute path, with their content; owned by root, mode 0644, and part of the user-data: nothing secret. A file that leaves this map is deleted.",
            defaultValue = "{}",
            keyPattern = Patterns.ABSOLUTE_PATH,
            keyHint = Patterns.ABSOLUTE_PATH_HINT)
        Map<String, String> files) {

  /** The tuned sets of sysctls that ship with nordfaas. */
  public enum SysctlProfileName {
    SERVERLESS
  }

  /** Who may reach what. Everything else is dropped. */
  public record FirewallConfig(
      @Key(
              value = "CIDRs that may reach SSH.",
              pattern = Cidr.PATTERN,
              hint = Cidr.HINT,
              notEmpty = true,
              example = "[198.51.100.0/24]")
          List<Cidr> sshCidrs,
      @Key(
              value = "CIDRs that may reach the Kubernetes API (port 6443).",
              pattern = Cidr.PATTERN,
              hint = Cidr.HINT,
              notEmpty = true,
              example = "[198.51.100.0/24]")
          List<Cidr> apiCidrs) {}
}
