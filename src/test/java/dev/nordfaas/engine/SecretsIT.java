package dev.nordfaas.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.pulumi.automation.AutomationException;
import com.pulumi.automation.ConfigValue;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the engine prints of a stack whose config holds secrets, each of them used somewhere. */
class SecretsIT {
  private static final String SECRET = "plain-text-of-a-secret";

  private EngineProject project;

  @BeforeEach
  void openProject() throws IOException, AutomationException {
    project = EngineProject.ofFixture("oslo");
  }

  @AfterEach
  void closeProject() throws IOException {
    project.close();
  }

  private void setSecret(String key) throws AutomationException {
    project.stack().setConfig("nordfaas:" + key, new ConfigValue(SECRET, true), true);
  }

  private void set(String key, String value) throws AutomationException {
    project.set(key, value);
  }

  private void assertThatPlanShows(String shown) throws IOException, InterruptedException {
    var json = project.cli("--json");

    assertThat(json.exitCode()).as(json.output()).isZero();
    assertThat(json.output()).contains(shown).doesNotContain(SECRET);
  }

  @Test
  void neitherSshKeyNorItsPassphraseOccursInThePlan() throws Exception {
    setSecret("ssh.privateKey");
    setSecret("ssh.privateKeyPassword");

    assertThatPlanShows("oslo-1-sysctls");
  }

  @Test
  void theLicenseDoesNotOccurInThePlan() throws Exception {
    set("openfaas.edition", "standard");
    setSecret("openfaas.license");

    assertThatPlanShows("openfaas-license");
  }

  @Test
  void theKubeconfigOfAnExistingClusterDoesNotOccurInThePlan() throws Exception {
    setSecret("k3s.existing.kubeconfig");

    assertThatPlanShows("oslo-provider");
  }

  @Test
  void neitherKeysOfTheSnapshotStoreNorThePassphraseOccurInThePlan() throws Exception {
    set("k3s.etcdSnapshots.s3.endpoint", "s3.example.no");
    set("k3s.etcdSnapshots.s3.country", "NO");
    set("k3s.etcdSnapshots.s3.bucket", "backup");
    setSecret("k3s.etcdSnapshots.s3.accessKey");
    setSecret("k3s.etcdSnapshots.s3.secretKey");
    setSecret("k3s.etcdSnapshots.tokenPassphrase");

    assertThatPlanShows("oslo-snapshot-store");
  }

  @Test
  void noEncryptedValueOccursInTheErrorAboutIt() throws Exception {
    setSecret("ssh.port");
    setSecret("ssh.privateKeys");

    var result = project.cli("--diff");

    assertThat(result.exitCode()).isNotZero();
    assertThat(result.output())
        .contains("nordfaas:ssh.port: ", "nordfaas:ssh.privateKeys: is unknown")
        .doesNotContain(SECRET);
  }
}
