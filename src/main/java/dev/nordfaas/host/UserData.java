package dev.nordfaas.host;

import dev.nordfaas.template.Template;
import dev.nordfaas.template.Yaml;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The cloud-init user-data of a node: what to paste into a provider's order form. It holds no
 * secret.
 */
public final class UserData {
  /** The least that a provider is known to take (EC2), in bytes. */
  public static final int MAX_BYTES = 16 * 1024;

  private UserData() {}

  /** The {@code #cloud-config} document. */
  public static String render(HostSpec spec) {
    var root = spec.ssh().user().equals("root");
    return Template.load("user-data.yaml")
        .render(
            Map.of(
                "hostname", spec.nodeName(),
                "timezone", spec.host().timezone(),
                "disableRoot", Boolean.toString(!root),
                "user", spec.ssh().user(),
                "account", root ? "" : ACCOUNT,
                "authorizedKeys", authorizedKeys(spec.host().authorizedKeys()),
                "mounts", spec.host().dataVolumeLabel().map(UserData::mounts).orElse(""),
                "files", files(allFiles(spec))));
  }

  private static final String ACCOUNT =
      """
      groups: [sudo]
      shell: /bin/bash
      sudo: "ALL=(ALL) NOPASSWD:ALL"
      lock_passwd: true
      """;

  private static List<HostFile> allFiles(HostSpec spec) {
    var files = new ArrayList<HostFile>();
    files.add(new HostFile(Sysctls.PATH, Sysctls.file(spec)));
    files.add(new HostFile(Firewall.PATH, Firewall.render(spec)));
    files.addAll(HostFiles.of(spec));
    if (spec.ssh().port() != 22) {
      // Never over SSH: behind a NAT the port that we dial is not the one that sshd listens on.
      files.add(
          new HostFile(
              "/etc/ssh/sshd_config.d/11-nordfaas-port.conf",
              "Port %d\n".formatted(spec.ssh().port())));
    }
    return files;
  }

  private static String authorizedKeys(List<String> keys) {
    // The comment of a key may hold anything.
    return keys.stream().map(key -> "- " + Yaml.quote(key)).collect(Collectors.joining("\n"));
  }

  private static String mounts(String label) {
    return "mounts:\n  - [%s, /var/lib/rancher, auto, \"defaults,noatime,nofail\", \"0\", \"2\"]\n"
        .formatted(Yaml.quote("LABEL=" + label));
  }

  private static String files(Collection<HostFile> files) {
    return files.stream()
        .map(
            file ->
                "- path: %s\n  permissions: \"0644\"\n  content: |\n%s"
                    .formatted(file.path(), indented(file.content())))
        .collect(Collectors.joining());
  }

  private static String indented(String content) {
    return content
        .lines()
        .map(line -> line.isEmpty() ? "\n" : "    " + line + "\n")
        .collect(Collectors.joining());
  }
}
