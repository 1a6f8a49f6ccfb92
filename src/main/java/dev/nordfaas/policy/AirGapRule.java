package dev.nordfaas.policy;

import dev.nordfaas.config.K3sConfig;
import dev.nordfaas.config.K3sConfig.AirGap;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.plan.Plan;
import java.nio.file.Files;
import java.nio.file.Path;

/** The files for air-gapped nodes exist, and can be verified once copied. */
final class AirGapRule implements Rule {
  private static final KeyPath AIR_GAP = KeyPath.of("k3s", "airGap");
  private static final KeyPath SHA256 = KeyPath.of("k3s", "sha256");

  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    var k3s = config.k3s();
    if (k3s.existing().isEmpty()) {
      k3s.airGap().ifPresent(files -> check(k3s, files, problems));
    }
  }

  private static void check(K3sConfig k3s, AirGap files, Problems problems) {
    if (k3s.installer().isPresent()) {
      problems.add(
          AIR_GAP, "only works with nordfaas' own installer", "remove it or k3s.installer");
    }
    if (k3s.sha256().amd64().isEmpty() && k3s.sha256().arm64().isEmpty()) {
      problems.add(
          SHA256,
          "is empty, but an air-gapped node has nothing else to check the binary against",
          "set amd64 or arm64 to the checksum that the release publishes",
          AIR_GAP);
    }
    checkFile(AIR_GAP.key("binary"), files.binary(), problems);
    checkFile(AIR_GAP.key("images"), files.images(), problems);
  }

  private static void checkFile(KeyPath path, String file, Problems problems) {
    if (!Files.isRegularFile(Path.of(file))) {
      problems.add(
          path,
          "there is no file " + file,
          "download it from the release, or fix the path, which is relative to the project's folder");
    }
  }
}
