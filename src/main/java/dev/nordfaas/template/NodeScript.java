package dev.nordfaas.template;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The POSIX shell scripts of {@code cloud-init/scripts}, each as one text that sshd can hand to the
 * login shell of a user who is root or may become it with sudo.
 *
 * <p>A script is constant; what it works on comes on its standard input. So a preview shows a
 * changed value as a changed line of {@code stdin}, and nothing secret is in a process's arguments.
 */
public enum NodeScript {
  FACTS("facts"),
  DRIFT("host", "drift"),
  FILES("host", "files"),
  SYSCTLS("host", "sysctls"),
  FIREWALL_LOAD("host", "firewall-load", "firewall"),
  FIREWALL_CONFIRM("host", "firewall-confirm", "firewall"),
  K3S_TOKEN("k3s-token"),
  K3S_CONFIG("k3s-config"),
  K3S_INSTALL("k3s-install"),
  K3S_KUBECONFIG("k3s-kubeconfig");

  private final String body;

  NodeScript(String... files) {
    this.body =
        Stream.concat(Stream.of("lib"), Stream.of(files))
            .map(file -> Template.text("scripts/" + file + ".sh"))
            .collect(Collectors.joining());
  }

  /** The script itself, to be run as root. */
  public String body() {
    return body;
  }

  /** The script, wrapped so that it runs as root whoever logs in. */
  public String text() {
    return Template.load("scripts/run-as-root.sh").render(Map.of("script", body));
  }
}
