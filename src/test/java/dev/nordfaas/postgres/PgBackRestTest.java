package dev.nordfaas.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.BackupConfig;
import dev.nordfaas.config.check.PatchedConfig;
import dev.nordfaas.testing.Fixtures;
import dev.nordfaas.testing.Golden;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PgBackRestTest {
  @Test
  void volumeIsAFolder() {
    Golden.assertMatches(
        "postgres/oslo/pgbackrest.conf",
        PgBackRest.conf(Fixtures.oslo().postgres().backup().orElseThrow()));
  }

  @Test
  void storeIsABucketWithoutItsKeys() {
    Golden.assertMatches("postgres/s3/pgbackrest.conf", PgBackRest.conf(inStore("s3.example.no")));
  }

  @Test
  void storeWithAnAuthorityOfItsOwnIsTrusted() {
    var backup = inStore("s3.example.no", ", ca: authority");

    assertThat(BackupManifests.files(backup))
        .containsEntry("store-ca.crt", "authority")
        .hasEntrySatisfying(
            "pgbackrest.conf",
            conf ->
                assertThat(conf)
                    .contains("\nrepo1-storage-ca-file=/etc/pgbackrest/store-ca.crt\n"));
  }

  @Test
  void secretSettingsAreInAFileOfTheirOwn() {
    assertThat(PgBackRest.secretConf(Map.of("repo1-s3-key", "k", "repo1-cipher-pass", "p")))
        .isEqualTo("[global]\nrepo1-cipher-pass=p\nrepo1-s3-key=k\n");
  }

  @ParameterizedTest
  @CsvSource({"s3.example.no, 443", "s3.example.no:9000, 9000", "192.0.2.10:8443, 8443"})
  void policiesOpenThePortOfTheStore(String endpoint, int port) {
    assertThat(inStore(endpoint).repository().s3().orElseThrow().port()).isEqualTo(port);
  }

  private static BackupConfig inStore(String endpoint) {
    return inStore(endpoint, "");
  }

  private static BackupConfig inStore(String endpoint, String keys) {
    return PatchedConfig.of(
            "oslo",
            "set: {nordfaas:postgres.backup.repository: {s3: {endpoint: \"%s\", cidrs: [198.51.100.0/24], country: \"NO\", region: no-oslo-1, bucket: backup, folder: oslo, accessKey: {secure: x}, secretKey: {secure: x}%s}}}"
                .formatted(endpoint, keys))
        .postgres()
        .backup()
        .orElseThrow();
  }
}
