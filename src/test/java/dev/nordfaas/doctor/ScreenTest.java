package dev.nordfaas.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.doctor.Finding.Level;
import dev.nordfaas.testing.Golden;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScreenTest {
  private static final Report FINE =
      new Report(
          "bergen-1 (203.0.113.11)",
          List.of(
              Finding.ok("ssh", "nordfaas at port 22, host key ssh-ed25519 SHA256:abc"),
              Finding.ok("ports", "80,443,2379-2382 are free")));

  private static final Report WITH_PROBLEMS =
      new Report(
          "bergen-2 (203.0.113.12)",
          List.of(
              Finding.ok("virtualization", "kvm"),
              Finding.problem(
                  "memory",
                  "wanted 32Gi, found 15.3Gi",
                  "order what nodes.bergen-2.memory says, or set that to what there is"),
              new Finding(
                  Level.WARNING,
                  "cloud-init",
                  "the first boot ended with an error: \"('package_update_upgrade_install',"
                      + " ProcessExecutionError('no network'))\"",
                  "see 'cloud-init status --long' and /var/log/cloud-init.log; 'up' goes on without"
                      + " it")));

  @Test
  void showsAllOfAllNodes() {
    Golden.assertMatches(
        "doctor/screen.txt", Screen.render("bergen", List.of(FINE, WITH_PROBLEMS)));
  }

  @Test
  void saysWhatComesNext() {
    assertThat(Screen.render("bergen", List.of(FINE)))
        .endsWith("\n\nbergen: no problems; nothing was changed. Next: make up STACK=bergen\n");
  }

  @Test
  void isAsciiAndNoWiderThanATerminal() {
    assertThat(Screen.render("bergen", List.of(FINE, WITH_PROBLEMS)).lines())
        .allMatch(line -> line.length() <= 120 && line.chars().allMatch(c -> c < 128));
  }
}
