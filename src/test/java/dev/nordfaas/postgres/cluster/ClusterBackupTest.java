package dev.nordfaas.postgres.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.PostgresConfig;
import dev.nordfaas.config.check.PatchedConfig;
import dev.nordfaas.postgres.PostgresConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClusterBackupTest {
  @Test
  void areKeptInTheFolderOfTheBucket() {
    var store = spec("{}").barmanObjectStore();

    assertThat(store.destinationPath()).isEqualTo("s3://nordfaas-postgres/postgres");
    assertThat(store.endpointURL()).isEqualTo("https://s3.example.no");
    assertThat(store.s3Credentials().region())
        .isEqualTo(new ClusterSpec.SecretKey("postgres-backup", "region"));
    assertThat(store.endpointCA()).isEmpty();
  }

  @Test
  void trustTheAuthorityOfAStoreThatHasItsOwn() {
    var backup = config("{}", ", ca: authority").clusterBackup().orElseThrow();

    assertThat(ClusterBackup.spec(backup).orElseThrow().barmanObjectStore().endpointCA())
        .contains(new ClusterSpec.SecretKey("postgres-backup", "ca.crt"));
    assertThat(ClusterBackup.data(backup.repository().s3().orElseThrow(), "access", "secret"))
        .containsEntry("ca.crt", "authority");
  }

  @ParameterizedTest
  @CsvSource({
    "30 1 * * 0, 4, 28d",
    "30 1 * * *, 4, 4d",
    "30 1 1 * *, 2, 62d",
    "0 */6 * * *, 1, 1d",
  })
  void areKeptAsLongAsThatNumberOfFullOnesSpans(String full, int retention, String policy) {
    assertThat(spec("{full: \"%s\", retention: %d}".formatted(full, retention)).retentionPolicy())
        .isEqualTo(policy);
  }

  @Test
  void archiveALogOfAMinute() {
    assertThat(Parameters.ofServer(PostgresConf.settings(config("{}"), 100)))
        .containsEntry("archive_timeout", "60s")
        .doesNotContainKeys("archive_mode", "archive_command");
  }

  private static ClusterSpec.Backup spec(String keys) {
    return ClusterBackup.spec(config(keys).clusterBackup().orElseThrow()).orElseThrow();
  }

  private static PostgresConfig config(String keys) {
    return config(keys, "");
  }

  private static PostgresConfig config(String keys, String ofStore) {
    return PatchedConfig.of(
            "bergen",
            """
            set:
              nordfaas:postgres.backup: %s
              nordfaas:postgres.backup.repository: {s3: {endpoint: s3.example.no, cidrs: [198.51.100.0/24], country: "NO", bucket: nordfaas-postgres, accessKey: {secure: x}, secretKey: {secure: x}%s}}
            """
                .formatted(keys, ofStore))
        .postgres();
  }
}
