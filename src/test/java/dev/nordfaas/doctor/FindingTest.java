package dev.nordfaas.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.doctor.Finding.Level;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class FindingTest {
  private static final Instant NOON = Instant.parse("2026-11-25T12:00:00.9Z");

  @Test
  void isReadFromALineOfTheChecks() {
    assertThat(Finding.parse("warning\ttime\tnot synchronized\twait"))
        .contains(new Finding(Level.WARNING, "time", "not synchronized", "wait"));
    assertThat(Finding.parse("ok\tvcpu\t8\t")).contains(Finding.ok("vcpu", "8"));
  }

  @Test
  void isNotReadFromAnythingElse() {
    assertThat(Finding.parse("Welcome to Ubuntu")).isEmpty();
    assertThat(Finding.parse("good\tvcpu\t8\t")).isEmpty();
    assertThat(Finding.parse("end")).isEmpty();
  }

  @Test
  void aClockMayBeFiveSecondsOff() {
    assertThat(Clocks.compare(NOON, Instant.parse("2026-11-25T12:00:05Z")))
        .isEqualTo(Finding.ok("clock", "no more than 5 s from this machine's"));
    assertThat(Clocks.compare(NOON, Instant.parse("2026-11-25T11:59:55Z")).level())
        .isEqualTo(Level.OK);
  }

  @Test
  void saysHowFarAClockIsOff() {
    assertThat(Clocks.compare(NOON, Instant.parse("2026-11-25T12:00:06Z")).text())
        .isEqualTo("6 s ahead of this machine's");
    assertThat(Clocks.compare(NOON, Instant.parse("2026-11-25T11:00:00Z")).text())
        .isEqualTo("3600 s behind this machine's");
  }

  @Test
  void aHostKeyHasTheFingerprintThatOpenSshPrints() {
    // Printed by ssh-keygen -l for this key.
    assertThat(
            HostKey.fingerprint(
                "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIO4pBpmLrEgSOlusuHDucgJA+yQrfpACp3L3Zyt+5wLp"))
        .isEqualTo("ssh-ed25519 SHA256:leGeC+HGonEeYfy33qF6/P4vZO5k/VJCTNlRQyDqaOI");
    assertThat(HostKey.fingerprint("nonsense")).isEqualTo("nonsense");
  }
}
