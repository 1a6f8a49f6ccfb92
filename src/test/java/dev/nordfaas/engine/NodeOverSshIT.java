package dev.nordfaas.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pulumi.automation.AutomationException;
import com.pulumi.automation.ConfigValue;
import com.pulumi.automation.OperationType;
import com.pulumi.automation.events.StepEventMetadata;
import dev.nordfaas.template.NodeScript;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The node of stack oslo, brought up over real SSH by the real engine and Command plug-in. */
class NodeOverSshIT {
  /** The host and K3s on it, without what runs on the cluster. */
  private static final String[] HOST = {
    "urn:pulumi:oslo::nordfaas::nordfaas:index:TunedHost**",
    "urn:pulumi:oslo::nordfaas::nordfaas:index:K3sCluster::**",
    "urn:pulumi:oslo::nordfaas::nordfaas:index:K3sCluster$command:**"
  };

  /** The words of the SSH client of Pulumi's Command plug-in. */
  private static final String ANOTHER_HOST_KEY = "ssh: handshake failed: ssh: host key mismatch";

  private SshHost host;
  private EngineProject project;

  @BeforeEach
  void openProject() throws IOException, AutomationException, GeneralSecurityException {
    host = new SshHost();
    project = EngineProject.ofFixture("oslo");
    set("nodes.oslo-1.address", "127.0.0.1");
    set("nodes.oslo-1.hostKey", host.hostKey());
    set("ssh.port", Integer.toString(host.port()));
    project
        .stack()
        .setConfig("nordfaas:ssh.privateKey", new ConfigValue(host.userPrivateKey(), true), true);
  }

  @AfterEach
  void closeProject() throws IOException {
    project.close();
    host.close();
  }

  private void set(String key, String value) throws AutomationException {
    project.set(key, value);
  }

  private void setSomaxconnOfAllHosts(String value) throws IOException {
    project.editConfig(
        "  nordfaas:host:\n",
        "  nordfaas:host:\n    sysctls: {net.core.somaxconn: \"%s\"}\n".formatted(value));
  }

  @Test
  void secondUpChangesNothingAndRunsNothing() throws Exception {
    project.up(HOST);
    assertThat(host.takeRan()).isNotEmpty();

    var again = project.up(HOST);

    assertThat(EngineProject.changes(again)).isEmpty();
    assertThat(host.takeRan()).isEmpty();
  }

  @Test
  void oneSysctlIsOneChangedPropertyAndOneCommand() throws Exception {
    project.up(HOST);
    host.takeRan();
    setSomaxconnOfAllHosts("16384");

    var preview = EngineProject.changes(project.preview(HOST));

    assertThat(preview).extracting(StepEventMetadata::op).containsExactly(OperationType.UPDATE);
    assertThat(preview)
        .extracting(StepEventMetadata::urn)
        .allMatch(urn -> urn.endsWith("::oslo-1-sysctls"));
    assertThat(preview.get(0).detailedDiff()).containsOnlyKeys("stdin");

    project.up(HOST);

    assertThat(host.takeRan())
        .singleElement()
        .satisfies(ran -> assertThat(ran.stdin()).contains("net.core.somaxconn = 16384"));
  }

  @Test
  void thePlanShowsTheOldAndTheNewLine() throws Exception {
    project.up(HOST);
    setSomaxconnOfAllHosts("16384");

    var diff =
        project.cli(
            "--diff",
            "--target",
            HOST[0],
            "--target",
            HOST[1],
            "--target",
            HOST[2],
            "--color",
            "never");

    assertThat(diff.output().lines().map(String::strip).filter(line -> line.contains("somaxconn")))
        .containsExactlyInAnyOrder("- net.core.somaxconn = 8192", "+ net.core.somaxconn = 16384");
  }

  @Test
  void aDriftIsShownByTheNextPreviewAndMendedByTheNextUp() throws Exception {
    project.up(HOST);
    host.answerDrift("sysctls: 07:20 net.core.somaxconn: wanted 8192, found 128\n");
    host.takeRan();

    project.readDrift("oslo-1");

    assertThat(host.takeRan())
        .extracting(SshHost.Ran::command)
        .containsExactly(NodeScript.DRIFT.text());
    var diff = project.cli("--diff", "--target", HOST[0], "--target", HOST[1], "--color", "never");
    assertThat(diff.output())
        .contains(
            "::oslo-1-sysctls]",
            "\"none\" => \"07:20 net.core.somaxconn: wanted 8192, found 128\"");

    project.up(HOST);

    assertThat(host.takeRan())
        .extracting(SshHost.Ran::command)
        .containsExactly(NodeScript.SYSCTLS.text());
    assertThat(EngineProject.changes(project.up(HOST))).isEmpty();
    assertThat(host.takeRan()).isEmpty();
  }

  @Test
  void leavesNoSecretInOutputOrState() throws Exception {
    var output = new StringBuilder();

    project.up(output, HOST);

    var tokens =
        host.takeRan().stream()
            .filter(ran -> ran.command().equals(NodeScript.K3S_TOKEN.text()))
            .flatMap(ran -> ran.stdin().lines())
            .filter(line -> line.matches("(agent-)?token=.*"))
            .map(line -> line.replaceFirst(".*token=", ""))
            .toList();
    assertThat(tokens).hasSize(2).allSatisfy(token -> assertThat(token).hasSize(32));
    var state = project.state();
    assertThat(state).contains("oslo-kubeconfig");
    assertThat(List.of(state, output.toString()))
        .noneMatch(text -> tokens.stream().anyMatch(text::contains))
        .noneMatch(text -> text.contains("token-of-the-administrator"))
        .noneMatch(text -> text.contains("PRIVATE KEY"));
  }

  private void setBastion(SshHost bastion, String hostKey) throws AutomationException {
    set("ssh.bastion.host", "127.0.0.1");
    set("ssh.bastion.port", Integer.toString(bastion.port()));
    set("ssh.bastion.hostKey", hostKey);
  }

  @Test
  void theNodeIsReachedThroughTheBastion() throws Exception {
    try (var bastion = host.bastion()) {
      setBastion(bastion, bastion.hostKey());

      project.up(HOST);

      assertThat(bastion.forwardedTo()).containsExactly(host.port());
      assertThat(bastion.takeRan()).isEmpty();
    }
    assertThat(host.takeRan())
        .extracting(SshHost.Ran::command)
        .contains(NodeScript.FIREWALL_CONFIRM.text());
  }

  @Test
  void anotherHostKeyOfTheBastionIsRefused() throws Exception {
    try (var bastion = host.bastion()) {
      setBastion(bastion, host.hostKey());
      set("ssh.dialErrorLimit", "1");

      assertThatThrownBy(() -> project.up(HOST))
          .hasMessageContaining("proxy: after 1 failed attempts: " + ANOTHER_HOST_KEY);
    }
    assertThat(host.takeRan()).isEmpty();
  }

  @Test
  void anotherHostKeyIsRefused() throws Exception {
    try (var other = new SshHost()) {
      set("nodes.oslo-1.hostKey", other.hostKey());
      set("ssh.dialErrorLimit", "1");

      assertThatThrownBy(() -> project.up(HOST))
          .hasMessageContaining("after 1 failed attempts: " + ANOTHER_HOST_KEY);
    }
    assertThat(host.takeRan()).isEmpty();
  }
}
