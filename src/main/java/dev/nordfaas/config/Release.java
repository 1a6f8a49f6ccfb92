package dev.nordfaas.config;

/** The release that this program is, and the images that were built with it. */
final class Release {
  /** The version of the release, or of the next one; {@code tools/release} sets it. */
  static final String VERSION = "0.1.0";

  /** The image of intake and workers, which get their settings from this program. */
  static final String QUEUE_WORKER = "ghcr.io/nordfaas/queue-worker:" + VERSION;

  private Release() {}
}
