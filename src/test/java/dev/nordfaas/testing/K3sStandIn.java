package dev.nordfaas.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The stand-ins for {@code k3s} and for systemd of a node, for all tests. What they do, and from
 * where that is known, stands in {@code src/test/resources/k3s}.
 */
public final class K3sStandIn {
  private static final Path RESOURCES = Path.of("src/test/resources/k3s").toAbsolutePath();

  private K3sStandIn() {}

  /**
   * K3s of a release.
   *
   * @param root the folder below which the node's file system lies; empty where it is that of the
   *     process
   * @param cluster the folder that the nodes of a cluster share
   */
  public static String k3s(String release, String root, Path cluster) {
    return text("k3s", root, cluster).replaceFirst("(?m)^release=.*$", "release=" + release);
  }

  /** What {@code systemctl} and {@code journalctl} are. */
  public static String systemd(String root, Path cluster) {
    return text("systemd", root, cluster);
  }

  private static String text(String name, String root, Path cluster) {
    try {
      return Files.readString(RESOURCES.resolve(name))
          .replaceFirst("(?m)^root=.*$", "root=" + root)
          .replaceFirst("(?m)^cluster=.*$", "cluster=" + cluster);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
