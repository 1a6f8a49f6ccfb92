package dev.nordfaas.policy;

import dev.nordfaas.config.BackupConfig;
import dev.nordfaas.config.ObjectStoreConfig.PostgresStore;
import dev.nordfaas.config.PostgresConfig;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.plan.Plan;
import java.security.cert.CertificateException;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Backups go to one repository, on schedules that Kubernetes accepts. */
final class BackupRule implements Rule {
  private static final KeyPath POSTGRES = KeyPath.of("postgres");
  private static final KeyPath BACKUP = POSTGRES.key("backup");
  private static final KeyPath HIGH_AVAILABILITY = POSTGRES.key("highAvailability");

  /** Of operator 1.30.0, whose webhook warns that 1.31.0 removes {@code barmanObjectStore}. */
  private static final Integer[] NEWEST_CHART = {0, 29};

  /** Two of the three kinds of images for CloudNativePG; the third is {@code system}. */
  private static final Pattern WITHOUT_BARMAN = Pattern.compile(":[^/]*-(minimal|standard)(-|@|$)");

  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    config
        .postgres()
        .backup()
        .ifPresent(
            backup -> {
              checkRepository(backup, problems);
              CronRule.checkSchedule(backup.full(), BACKUP.key("full"), problems);
              CronRule.checkSchedule(backup.differential(), BACKUP.key("differential"), problems);
              if (config.postgres().highAvailability()) {
                checkCluster(config.postgres(), backup, problems);
              }
            });
  }

  /** What Barman Cloud, which CloudNativePG runs in the instances, cannot do. */
  private static void checkCluster(
      PostgresConfig postgres, BackupConfig backup, Problems problems) {
    if (backup.repository().volume().isPresent()) {
      problems.add(
          BACKUP.key("repository").key("volume"),
          "CloudNativePG, which highAvailability uses, keeps backups in a bucket only",
          "use s3",
          HIGH_AVAILABILITY);
    }
    if (backup.passphrase().isPresent()) {
      problems.add(
          BACKUP.key("passphrase"),
          "CloudNativePG, which highAvailability uses, does not encrypt backups itself",
          "remove it, and turn on the store's own encryption of the bucket",
          HIGH_AVAILABILITY);
    }
    var chart =
        Stream.of(postgres.operator().chartVersion().split("[.]"))
            .limit(NEWEST_CHART.length)
            .map(Integer::valueOf)
            .toArray(Integer[]::new);
    if (Arrays.compare(chart, NEWEST_CHART) > 0) {
      problems.add(
          POSTGRES.key("operator").key("chartVersion"),
          "the operator of chart %s makes no backups itself: 1.30, of chart 0.29, is the last that does"
              .formatted(postgres.operator().chartVersion()),
          "use a chart 0.29.x, or remove postgres.backup",
          BACKUP);
    }
    if (WITHOUT_BARMAN.matcher(postgres.image()).find()) {
      problems.add(
          POSTGRES.key("image"),
          "%s has no Barman Cloud, which makes the backups".formatted(postgres.image()),
          "use an image whose tag contains -system-, or remove postgres.backup",
          BACKUP);
    }
  }

  private static void checkRepository(BackupConfig backup, Problems problems) {
    var path = BACKUP.key("repository");
    var repository = backup.repository();
    if (repository.s3().isPresent() == repository.volume().isPresent()) {
      problems.add(
          path,
          repository.s3().isPresent() ? "has both s3 and volume" : "has neither s3 nor volume",
          "choose one of them");
    }
    repository.s3().flatMap(PostgresStore::ca).ifPresent(ca -> checkAuthority(ca, problems));
  }

  private static void checkAuthority(String ca, Problems problems) {
    try {
      PemCertificates.parse(ca);
    } catch (CertificateException e) {
      problems.add(
          BACKUP.key("repository").key("s3").key("ca"),
          "is not one or more certificates in PEM",
          PemCertificates.FIX);
    }
  }
}
