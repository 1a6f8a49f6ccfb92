package dev.nordfaas.manifest;

import dev.nordfaas.config.ByteSize;
import dev.nordfaas.config.StorageConfig;
import dev.nordfaas.config.model.KeyPath;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a volume was created with. A claim keeps its class, and only some classes let it grow; a
 * StatefulSet with another claim would have to be replaced.
 */
public final class VolumeOrigin {
  /** Who holds the claim of a volume. */
  public enum Holder {
    /** A StatefulSet, or nobody: the claim's size stays what it was. */
    CLAIM,
    /** An operator, which has the class grow the volume. */
    OPERATOR
  }

  /** The class of K3s' own provisioner. Its volumes are folders: no size limits what they hold. */
  private static final String FOLDERS = "local-path";

  private static final Pattern ORIGIN = Pattern.compile("(?<size>\\S+) (?<class>\\S+)");

  private VolumeOrigin() {}

  /** The origin of a volume: its size and its class. */
  public static String of(StorageConfig storage) {
    return storage.size().text() + " " + storage.storageClass();
  }

  /**
   * Why the volume cannot become what the config says, if it cannot.
   *
   * @param key the volume's key in the config
   * @param origin what it was created with; empty if not known
   */
  public static Optional<String> refusal(
      KeyPath key, StorageConfig storage, Holder holder, String origin) {
    var first = ORIGIN.matcher(origin);
    if (!first.matches()) {
      return Optional.empty();
    }
    var created = ByteSize.parse(first.group("size"));
    if (!storage.storageClass().equals(first.group("class"))) {
      return Optional.of(
          "%s: a volume of class %s cannot become one of class %s in place; undo it, or move the data as described in docs/runbook.md"
              .formatted(key.key("storageClass"), first.group("class"), storage.storageClass()));
    }
    if (becomes(storage, holder, created)) {
      return Optional.empty();
    }
    return Optional.of(
        "%s: a volume of class %s does not get from %s to %s by itself; undo it, or see \"Another size of a volume\" in docs/runbook.md"
            .formatted(key.key("size"), storage.storageClass(), created, storage.size()));
  }

  private static boolean becomes(StorageConfig storage, Holder holder, ByteSize created) {
    var folder = storage.storageClass().equals(FOLDERS);
    return switch (holder) {
      case CLAIM -> folder || storage.size().bytes() == created.bytes();
      case OPERATOR ->
          storage.size().bytes() == created.bytes()
              || (!folder && storage.size().compareTo(created) > 0);
    };
  }
}
