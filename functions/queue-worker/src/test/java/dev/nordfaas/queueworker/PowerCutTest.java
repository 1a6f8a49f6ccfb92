package dev.nordfaas.queueworker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nordfaas.queueworker.testing.ForgetfulDisk;
import dev.nordfaas.queueworker.testing.PowerCut;
import dev.nordfaas.queueworker.testing.PowerCut.Setting;
import dev.nordfaas.queueworker.testing.PowerCut.Which;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What is acknowledged after an fsync is there after a power cut; {@code bench/power-cut} cuts more
 * often and in more ways.
 *
 * <p>A failure names its seed; {@code -Dseed=N} chooses the same instants again.
 */
class PowerCutTest {
  private final long seed = Long.getLong("seed", System.nanoTime());

  @BeforeAll
  static void needsDisksThatForget() {
    assumeTrue(ForgetfulDisk.isPossible(), "disks that forget need root and /dev/fuse");
  }

  @Test
  void nothingThatWasSyncedIsLost() throws Exception {
    try (var server = PowerCut.prepare(new Setting(1, "always", Which.ALL, false, "any-fsync"))) {
      var random = new Random(seed);
      for (var cut = 0; cut < 2; cut++) {
        var result = server.happen(random);

        assertThat(result.found()).as("seed %d: %s", seed, server.complaints()).isTrue();
        assertThat(result.accepted()).isGreaterThan(100);
        assertThat(result.lost()).as("seed %d: %s", seed, server.complaints()).isEmpty();
      }
    }
  }

  /** Otherwise the test above would show nothing. */
  @Test
  void whatWasNotSyncedIsLost() throws Exception {
    try (var server = PowerCut.prepare(new Setting(1, "2m", Which.ALL, false, "any-fsync"))) {
      assertThat(server.happen(new Random(seed)).lost()).isNotEmpty();
    }
  }
}
