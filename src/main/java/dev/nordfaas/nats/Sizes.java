package dev.nordfaas.nats;

/** Byte sizes in the notation of nats.conf. */
final class Sizes {
  private Sizes() {}

  /** In MiB or KiB if that is exact, otherwise in bytes. */
  static String format(long bytes) {
    if (bytes % (1 << 20) == 0) {
      return (bytes >> 20) + "MiB";
    }
    return bytes % (1 << 10) == 0 ? (bytes >> 10) + "KiB" : Long.toString(bytes);
  }
}
