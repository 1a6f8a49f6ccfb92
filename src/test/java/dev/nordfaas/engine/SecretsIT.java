package dev.nordfaas.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.pulumi.automation.AutomationException;
import com.pulumi.automation.ConfigValue;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the engine prints of a stack whose config holds every kind of secret. */
class SecretsIT {
  private static final Map<String, String> SECRETS =
      Map.of(
          "nordfaas:ssh.privateKey", "plain-text-of-the-private-key",
          "nordfaas:ssh.privateKeyPassword", "plain-text-of-its-passphrase",
          "nordfaas:openfaas.license", "plain-text-of-the-license",
          "nordfaas:k3s.existing.kubeconfig", "plain-text-of-the-kubeconfig");

  @Test
  void noSecretOfTheConfigOccursInThePlan()
      throws IOException, AutomationException, InterruptedException {
    try (var project = EngineProject.ofCommitted("oslo")) {
      for (var secret : SECRETS.entrySet()) {
        project.stack().setConfig(secret.getKey(), new ConfigValue(secret.getValue(), true), true);
      }

      var json = project.cli("--json");

      assertThat(json.exitCode()).as(json.output()).isZero();
      assertThat(json.output()).contains("\"steps\"").doesNotContain(SECRETS.values());
    }
  }

  @Test
  void noSecretOfTheConfigOccursInAnErrorAboutIt()
      throws IOException, AutomationException, InterruptedException {
    try (var project = EngineProject.ofCommitted("oslo")) {
      for (var secret : SECRETS.entrySet()) {
        project.stack().setConfig(secret.getKey(), new ConfigValue(secret.getValue(), true), true);
      }
      project
          .stack()
          .setConfig(
              "nordfaas:ssh.privateKey.oops", new ConfigValue("plain-text-oops", true), true);

      var text = project.cli("--diff");

      assertThat(text.exitCode()).isNotZero();
      assertThat(text.output())
          .contains("nordfaas:ssh.privateKey")
          .doesNotContain(SECRETS.values())
          .doesNotContain("plain-text-oops");
    }
  }
}
