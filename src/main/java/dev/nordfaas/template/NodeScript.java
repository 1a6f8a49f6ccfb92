package dev.nordfaas.template;

import java.util.Map;

/**
 * The POSIX shell scripts of {@code cloud-init/scripts}, each as one text that sshd can hand to the
 * login shell of a user who is root or may become it with sudo.
 *
 * <p>A script is constant; what it works on comes on its standard input. So a preview shows a
 * changed value as a changed line of {@code stdin}, and nothing secret is in a process's arguments.
 */
public enum NodeScript {
  FACTS("facts", firstBoot() + checks()),
  /** The checks of {@link #FACTS}, which changes nothing either, told one by one. */
  DOCTOR("doctor", firstBoot() + checks()),
  DRIFT("drift", host()),
  MODULES("modules", firstBoot()),
  FILES("files", host()),
  SYSCTLS("sysctls", host()),
  FIREWALL_LOAD("firewall", host() + "mode=load\n"),
  FIREWALL_CONFIRM("firewall", host() + "mode=confirm\n"),
  K3S_TOKEN("k3s-token"),
  K3S_INSTALL("k3s-install"),
  K3S_STOP("k3s-stop"),
  K3S_ADMIT("k3s-member", "mode=admit\n"),
  K3S_LEAVE("k3s-member", "mode=leave\n"),
  K3S_KUBECONFIG("k3s-kubeconfig");

  private final String body;

  NodeScript(String file) {
    this(file, "");
  }

  NodeScript(String file, String settings) {
    this.body =
        Template.text("scripts/lib.sh") + settings + Template.text("scripts/" + file + ".sh");
  }

  /** What the scripts of the operating system share. */
  private static String host() {
    return Template.text("scripts/host.sh");
  }

  /** Who else installs packages, and waiting for that to end. */
  private static String firstBoot() {
    return Template.text("scripts/first-boot.sh");
  }

  /** What a host is checked for before anything of it is touched. */
  private static String checks() {
    return Template.text("scripts/checks.sh");
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
