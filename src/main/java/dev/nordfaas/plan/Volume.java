package dev.nordfaas.plan;

import dev.nordfaas.config.ByteSize;
import dev.nordfaas.config.model.KeyPath;

/**
 * Volumes of one kind.
 *
 * @param name for messages
 * @param count how many there are
 * @param size of each
 * @param path the key that sets the size of each
 * @param scratch whether it is gone with its pod, which requests it of the node's disk
 */
public record Volume(String name, int count, ByteSize size, KeyPath path, boolean scratch) {
  /** The total size in bytes. */
  public long bytes() {
    return count * size.bytes();
  }
}
