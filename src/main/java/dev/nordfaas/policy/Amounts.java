package dev.nordfaas.policy;

/** Formats amounts for messages. */
final class Amounts {
  private Amounts() {}

  /** Bytes in Gi where they are whole Gi, else in Mi, rounded down. */
  static String size(long bytes) {
    return bytes % (1L << 30) == 0 ? (bytes >> 30) + "Gi" : (bytes >> 20) + "Mi";
  }

  /** Millicores as cores where they are whole. */
  static String cpu(long millicores) {
    return millicores % 1000 == 0 ? String.valueOf(millicores / 1000) : millicores + "m";
  }
}
