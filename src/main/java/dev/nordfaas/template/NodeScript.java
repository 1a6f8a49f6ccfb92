package dev.nordfaas.template;

import java.util.Map;

/**
 * The POSIX shell scripts of {@code cloud-init/scripts}, each as one string that sshd can pass to
 * the login shell of a user that is root or can use sudo.
 *
 * <p>A script is constant; its input comes on stdin. So a preview shows a changed value as a
 * changed line of {@code stdin}, and process arguments contain no secrets.
 */
public enum NodeScript {
  FACTS("facts", firstBoot() + restart() + checks()),
  /** The checks of {@link #FACTS}, reported one by one; neither changes anything. */
  DOCTOR("doctor", firstBoot() + restart() + checks()),
  DRIFT("drift", host() + restart()),
  MODULES("modules", firstBoot()),
  FILES("files", host()),
  SYSCTLS("sysctls", host()),
  FIREWALL_LOAD("firewall", host() + "mode=load\n"),
  FIREWALL_CONFIRM("firewall", host() + "mode=confirm\n"),
  K3S_TOKEN("k3s-token", k3s()),
  K3S_INSTALL("k3s-install", k3s()),
  K3S_CA("k3s-ca"),
  K3S_NAME_SERVER("k3s-name-server"),
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

  /** Functions that the scripts for the operating system share. */
  private static String host() {
    return Template.text("scripts/host.sh");
  }

  /** Functions that the scripts share that bring K3s onto a node. */
  private static String k3s() {
    return Template.text("scripts/k3s.sh");
  }

  /** Functions that wait for other package installations. */
  private static String firstBoot() {
    return Template.text("scripts/first-boot.sh");
  }

  /** Whether a host has to be restarted. */
  private static String restart() {
    return Template.text("scripts/restart.sh");
  }

  /** The checks before a host is touched. */
  private static String checks() {
    return Template.text("scripts/checks.sh");
  }

  /** The script itself, to be run as root. */
  public String body() {
    return body;
  }

  /** The script, wrapped so that it runs as root for any user. */
  public String text() {
    return Template.load("scripts/run-as-root.sh").render(Map.of("script", body));
  }
}
