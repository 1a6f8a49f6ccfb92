package dev.nordfaas.doctor;

import dev.nordfaas.config.K3sConfig;
import dev.nordfaas.config.K3sConfig.AirGap;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The files on this machine that air-gapped nodes are installed from. */
final class AirGapFiles {
  private AirGapFiles() {}

  /** Compares them with the config; a rule has already checked that they exist. */
  static List<Finding> check(K3sConfig k3s, AirGap files) {
    return List.of(binary(k3s, Path.of(files.binary())), images(Path.of(files.images())));
  }

  private static Finding binary(K3sConfig k3s, Path file) {
    var found = sha256(file);
    var pinned =
        Stream.concat(k3s.sha256().amd64().stream(), k3s.sha256().arm64().stream())
            .map(sum -> sum.toLowerCase(Locale.ROOT))
            .toList();
    return pinned.contains(found)
        ? Finding.ok("binary", "%s has the checksum in k3s.sha256".formatted(file))
        : Finding.problem(
            "binary",
            "%s has the checksum %s, but k3s.sha256 says %s"
                .formatted(file, found, String.join(" or ", pinned)),
            "get the release's file again; if k3s.version has changed, k3s.sha256 has to as"
                + " well");
  }

  private static Finding images(Path file) {
    try {
      var size = Files.size(file);
      return size > 0
          ? Finding.ok("images", "%s, %d MB".formatted(file, size / 1_000_000))
          : Finding.problem("images", file + " is empty", "get it from the release again");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String sha256(Path file) {
    try (var in =
        new DigestInputStream(Files.newInputStream(file), MessageDigest.getInstance("SHA-256"))) {
      in.transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(in.getMessageDigest().digest());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
