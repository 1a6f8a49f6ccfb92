package dev.nordfaas.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What Pulumi has to do where everything is as the config says. */
@EndToEnd
class SecondUpIT {
  @Test
  void upHasNothingToDo() throws Exception {
    var before = Workloads.read();
    try (var project = Lab.openProject()) {
      assertThat(Lab.changes(project.up())).isEmpty();
    }
    assertThat(before.changedUntil(Workloads.read())).isEmpty();
  }

  @Test
  @Tag("lab-faults")
  void refreshFindsNoDrift() {
    assertThat(Lab.previewWithRefresh()).isEmpty();
  }
}
