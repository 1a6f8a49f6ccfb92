package dev.nordfaas.postgres;

import dev.nordfaas.manifest.Checksums;

/**
 * A step from one state of a database's tables to the next.
 *
 * @param version number of the step; steps are taken in the order of their numbers
 * @param file name of its file, such as {@code V1__orders.sql}
 * @param sql the statements, which run in one transaction, or one {@link ConcurrentIndex}
 */
public record Migration(long version, String file, String sql) {
  /** Changes when the statements do. */
  String checksum() {
    return Checksums.of(sql);
  }
}
