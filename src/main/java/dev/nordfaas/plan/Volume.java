package dev.nordfaas.plan;

import dev.nordfaas.config.ByteSize;
import dev.nordfaas.config.model.KeyPath;
import java.util.Optional;

/**
 * Volumes of one kind.
 *
 * @param name for messages
 * @param count how many there are
 * @param size of each
 * @param path the key that sets the size of each
 * @param scratch whether it is gone with its pod, which requests it of the node's disk
 * @param storageClass the storage class that it comes from; empty: the cluster's default class, or
 *     none if it is scratch
 */
public record Volume(
    String name,
    int count,
    ByteSize size,
    KeyPath path,
    boolean scratch,
    Optional<String> storageClass) {
  /** K3s' own storage class, and its default one. */
  private static final String LOCAL_PATH = "local-path";

  /** Whether it comes from K3s' own storage class. */
  public boolean isLocalPath() {
    return !scratch && storageClass.map(LOCAL_PATH::equals).orElse(true);
  }

  /** The total size in bytes. */
  public long bytes() {
    return count * size.bytes();
  }
}
