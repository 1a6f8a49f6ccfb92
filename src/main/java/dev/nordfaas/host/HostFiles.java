package dev.nordfaas.host;

import dev.nordfaas.template.Template;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The files of a node's operating system, besides its sysctls and its firewall rules. */
public final class HostFiles {
  private HostFiles() {}

  /** The files that are the same at the first boot and on a running host: ours and the user's. */
  public static List<HostFile> of(HostSpec spec) {
    var files = new ArrayList<>(ofPlatform(spec));
    files.addAll(ofUser(spec));
    return List.copyOf(files);
  }

  /** Every path that the platform writes, now or at the first boot. */
  public static List<String> pathsOfPlatform(HostSpec spec) {
    return Stream.concat(
            ofPlatform(spec).stream().map(HostFile::path),
            Stream.of(Sysctls.PATH, Firewall.PATH, UserData.SSH_PORT_PATH))
        .toList();
  }

  private static List<HostFile> ofUser(HostSpec spec) {
    return spec.host().files().entrySet().stream()
        .map(file -> new HostFile(file.getKey(), withLineBreak(file.getValue())))
        .toList();
  }

  private static String withLineBreak(String content) {
    return content.endsWith("\n") ? content : content + "\n";
  }

  private static List<HostFile> ofPlatform(HostSpec spec) {
    var files = new ArrayList<HostFile>();
    files.add(
        new HostFile("/etc/modules-load.d/nordfaas.conf", Template.text("files/modules.conf")));
    files.add(
        new HostFile(
            "/etc/ssh/sshd_config.d/10-nordfaas.conf",
            Template.load("files/sshd.conf").render(Map.of("rootLogin", rootLogin(spec)))));
    files.add(
        new HostFile(
            "/etc/systemd/journald.conf.d/10-nordfaas.conf",
            Template.load("files/journald.conf").render(Map.of("maxUse", journalMaxUse(spec)))));
    files.add(
        new HostFile(
            "/etc/systemd/timesyncd.conf.d/10-nordfaas.conf",
            Template.load("files/timesyncd.conf")
                .render(Map.of("servers", String.join(" ", spec.host().ntpServers())))));
    files.add(
        new HostFile(
            "/etc/apt/apt.conf.d/52nordfaas-unattended-upgrades",
            Template.text("files/unattended-upgrades.conf")));
    files.add(
        new HostFile(
            "/etc/security/limits.d/10-nordfaas.conf", Template.text("files/limits.conf")));
    files.add(new HostFile("/etc/default/motd-news", Template.text("files/motd-news.conf")));
    files.add(
        new HostFile(
            "/etc/systemd/system/nordfaas-firewall.service",
            Template.text("files/firewall.service")));
    files.add(new HostFile("/etc/nordfaas/load-firewall", Firewall.loader(spec)));
    files.add(new HostFile("/etc/nordfaas/load-nftables", Template.text("files/load-nftables.sh")));
    files.add(
        new HostFile(
            "/etc/systemd/system/nftables.service.d/10-nordfaas.conf",
            Template.text("files/nftables.conf")));
    files.addAll(ofK3sServices("10-firewall.conf", "files/k3s-firewall.conf"));
    if (!spec.virtualRouters().isEmpty()) {
      files.add(new HostFile(Keepalived.PATH, Keepalived.render(spec)));
    }
    if (spec.host().dataVolumeLabel().isPresent()) {
      files.addAll(ofK3sServices("10-data-volume.conf", "files/data-volume.conf"));
    }
    return List.copyOf(files);
  }

  /** A drop-in of the units that run K3s on a server and on an agent. */
  private static List<HostFile> ofK3sServices(String name, String template) {
    return Stream.of("k3s", "k3s-agent")
        .map(
            service ->
                new HostFile(
                    "/etc/systemd/system/%s.service.d/%s".formatted(service, name),
                    Template.text(template)))
        .toList();
  }

  /** The user that Pulumi logs in as may be root itself, with a key. */
  private static String rootLogin(HostSpec spec) {
    return spec.ssh().user().equals("root") ? "prohibit-password" : "no";
  }

  /** journald uses K, M and G, all binary. */
  private static String journalMaxUse(HostSpec spec) {
    return spec.host().journalMaxUse().mebibytes() + "M";
  }
}
