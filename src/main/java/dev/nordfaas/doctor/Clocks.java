package dev.nordfaas.doctor;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Compares this machine's clock with a node's. */
final class Clocks {
  /** If a clock is further off, others reject its new certificates for that long. */
  private static final Duration TOLERANCE = Duration.ofSeconds(5);

  private Clocks() {}

  /**
   * Compares them.
   *
   * @param there in whole seconds
   */
  static Finding compare(Instant here, Instant there) {
    var off = Duration.between(here.truncatedTo(ChronoUnit.SECONDS), there);
    return off.abs().compareTo(TOLERANCE) <= 0
        ? Finding.ok(
            "clock", "no more than %d s from this machine's".formatted(TOLERANCE.toSeconds()))
        : Finding.problem(
            "clock",
            "%d s %s this machine's"
                .formatted(off.abs().toSeconds(), off.isNegative() ? "behind" : "ahead of"),
            "see which of the two is wrong (`date -u`); on the host, let UDP port 123 out to"
                + " host.ntpServers");
  }
}
