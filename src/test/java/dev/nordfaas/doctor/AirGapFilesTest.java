package dev.nordfaas.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.check.PatchedConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AirGapFilesTest {
  /** Of the text "k3s". */
  private static final String SUM =
      "86bd33ebf64e01aaafb7dab419436ac025d04abd933bbbb124ddb25c30b59dd7";

  @TempDir Path folder;

  private List<Finding> check(String sum) throws IOException {
    var binary = Files.writeString(folder.resolve("k3s"), "k3s");
    var images = folder.resolve("images.tar.zst");
    var k3s =
        PatchedConfig.of(
                "oslo",
                "set: {nordfaas:k3s.sha256: {amd64: %s}, nordfaas:k3s.airGap: {binary: %s, images: %s}}"
                    .formatted(sum, binary, images))
            .k3s();
    return AirGapFiles.check(k3s, k3s.airGap().orElseThrow());
  }

  @Test
  void areAsTheConfigSays() throws IOException {
    Files.writeString(folder.resolve("images.tar.zst"), "x".repeat(2_500_000));

    assertThat(check(SUM))
        .containsExactly(
            Finding.ok("binary", folder + "/k3s has the checksum in k3s.sha256"),
            Finding.ok("images", folder + "/images.tar.zst, 2 MB"));
  }

  @Test
  void areToldWhereTheyAreNot() throws IOException {
    Files.createFile(folder.resolve("images.tar.zst"));
    var another = "f".repeat(64);

    assertThat(check(another))
        .containsExactly(
            Finding.problem(
                "binary",
                "%s/k3s has the checksum %s, but k3s.sha256 says %s"
                    .formatted(folder, SUM, another),
                "get the release's file again; if k3s.version has changed, k3s.sha256 has to"
                    + " as well"),
            Finding.problem(
                "images", folder + "/images.tar.zst is empty", "get it from the release again"));
  }
}
