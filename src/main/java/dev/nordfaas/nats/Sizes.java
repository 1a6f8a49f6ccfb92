package dev.nordfaas.nats;

/** Amounts of bytes as nats.conf writes them. */
final class Sizes {
  private Sizes() {}

  /** In MiB or KiB where that is exact, else in bytes. */
  static String format(long bytes) {
    if (bytes % (1 << 20) == 0) {
      return (bytes >> 20) + "MiB";
    }
    return bytes % (1 << 10) == 0 ? (bytes >> 10) + "KiB" : Long.toString(bytes);
  }
}
