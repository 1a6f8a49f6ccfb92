package dev.nordfaas.policy;

import static dev.nordfaas.config.check.RuleCheck.problems;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Backups together with {@code highAvailability}. */
class ClusterBackupRulesTest {
  private static final String SYSTEM = "ghcr.io/cloudnative-pg/postgresql:17.9-system-bookworm";
  private static final String STORE =
      "{s3: {endpoint: s3.example.no, cidrs: [198.51.100.0/24], country: \"NO\", bucket: backup, accessKey: {secure: x}, secretKey: {secure: x}}}";
  private static final String CONFIG =
      "set: {nordfaas:postgres.highAvailability: true, nordfaas:postgres.image: \"%s\", nordfaas:postgres.backup: {repository: %s%s}, nordfaas:postgres.operator: {chartVersion: %s}}";

  @Test
  void goToABucket() {
    assertThat(problems(new BackupRule(), CONFIG.formatted(SYSTEM, STORE, "", "0.29.0"))).isEmpty();
  }

  @Test
  void doNotGoToAVolume() {
    assertThat(
            problems(
                new BackupRule(), CONFIG.formatted(SYSTEM, "{volume: {size: 2Gi}}", "", "0.29.0")))
        .containsExactly(
            "postgres.backup.repository.volume: CloudNativePG, which highAvailability uses, keeps backups in a bucket only; use s3");
  }

  @Test
  void haveNoPassphrase() {
    assertThat(
            problems(
                new BackupRule(),
                CONFIG.formatted(SYSTEM, STORE, ", passphrase: {secure: abc}", "0.29.0")))
        .containsExactly(
            "postgres.backup.passphrase: CloudNativePG, which highAvailability uses, does not encrypt backups itself; remove it, and turn on the store's own encryption of the bucket");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ghcr.io/cloudnative-pg/postgresql:17.9-minimal-bookworm",
        "ghcr.io/cloudnative-pg/postgresql:17.9-standard-trixie",
        "ghcr.io/cloudnative-pg/postgresql:17-minimal"
      })
  void needBarmanCloudInTheImage(String image) {
    assertThat(problems(new BackupRule(), CONFIG.formatted(image, STORE, "", "0.29.0")))
        .containsExactly(
            "postgres.image: %s has no Barman Cloud, which makes the backups; use an image whose tag contains -system-, or remove postgres.backup"
                .formatted(image));
  }

  @Test
  void needAnOperatorThatStillMakesThem() {
    assertThat(problems(new BackupRule(), CONFIG.formatted(SYSTEM, STORE, "", "0.30.0")))
        .containsExactly(
            "postgres.operator.chartVersion: the operator of chart 0.30.0 makes no backups itself: 1.30, of chart 0.29, is the last that does; use a chart 0.29.x, or remove postgres.backup");
    assertThat(problems(new BackupRule(), CONFIG.formatted(SYSTEM, STORE, "", "0.29.7"))).isEmpty();
  }
}
