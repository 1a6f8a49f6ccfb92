package dev.nordfaas.k3s;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ComponentFlagsTest {
  @Test
  void everyKeyThatPassesFlagsOnIsChecked() {
    assertThat(ComponentFlags.keys())
        .containsExactlyInAnyOrderElementsOf(
            K3sKeys.all().stream().filter(key -> key.endsWith("-arg")).toList());
  }

  @Test
  void noFlagThatMayBeSetIsRefused() {
    for (var key : ComponentFlags.keys()) {
      for (var flag : ComponentFlags.harmless(key)) {
        var value = flag.equals("vmodule") ? "x=4" : "4";

        assertThat(ComponentFlags.refusal(key, flag + "=" + value)).as(key + " " + flag).isEmpty();
      }
    }
  }

  @Test
  void theDocsListTheFlagsThatMayBeSet() throws IOException {
    var docs = Files.readString(Path.of("docs/k3s.md"));
    for (var key : ComponentFlags.keys()) {
      var flags =
          ComponentFlags.harmless(key).stream().sorted().collect(Collectors.joining("`, `"));

      assertThat(docs).contains("| `%s` | `%s` |".formatted(key, flags));
    }
  }
}
