package dev.nordfaas.lab;

/**
 * A file system with little room, mounted over the volume of PostgreSQL, with the same files. The
 * lab's volumes are folders, which have no quota; the server stands still while they change places.
 */
final class SmallVolume implements AutoCloseable {
  /** What puts a small one in the place of the folder {@code $1}; to be formatted with the room. */
  static final String SHRINK =
      """
      size=$(($(du -sm "$1" | cut -f 1) + %d))
      mv "$1" "$1.real"
      mkdir "$1"
      mount -t tmpfs -o "size=${size}m" tmpfs "$1"
      cp -a "$1.real/." "$1/"
      """;

  /** What brings its files back. */
  static final String RESTORE =
      """
      rm -rf "$1.real"/..?* "$1.real"/.[!.]* "$1.real"/*
      cp -a "$1/." "$1.real/"
      umount "$1"
      rmdir "$1"
      mv "$1.real" "$1"
      """;

  private final String path;

  private SmallVolume(String path) {
    this.path = path;
  }

  /**
   * Puts it in the volume's place.
   *
   * @param room MiB that are free
   */
  static SmallVolume ofPostgres(int room) {
    var path =
        Lab.inVps(
                "sh",
                "-c",
                "ls -d /var/lib/rancher/k3s/storage/*_postgres_data-postgres-0 | head -n 1")
            .strip();
    scale(0);
    script(SHRINK.formatted(room), path);
    scale(1);
    return new SmallVolume(path);
  }

  /** Gives it so many MiB more. */
  void grow(int more) {
    script(
        """
        size=$(df -m --output=size "$1" | tail -n 1)
        mount -o "remount,size=$((size + %d))m" "$1"
        """
            .formatted(more),
        path);
  }

  /** Brings the files back to where they belong. */
  @Override
  public void close() {
    scale(0);
    script(RESTORE, path);
    scale(1);
  }

  private static void scale(int replicas) {
    Lab.kubectl("--namespace=postgres", "scale", "statefulset/postgres", "--replicas=" + replicas);
    if (replicas == 0) {
      Lab.kubectl(
          "--namespace=postgres", "wait", "pod/postgres-0", "--for=delete", "--timeout=120s");
    } else {
      Lab.kubectl(
          "--namespace=postgres", "rollout", "status", "statefulset/postgres", "--timeout=120s");
    }
  }

  private static void script(String script, String path) {
    Lab.inVps("sh", "-euc", script, "sh", path);
  }
}
