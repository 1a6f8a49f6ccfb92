package dev.nordfaas.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class TemplateTest {
  private static final String JOURNALD = "files/journald.conf";

  @Test
  void replacesAPlaceholderWithinALine() {
    assertThat(Template.load(JOURNALD).render(Map.of("maxUse", "1024M")))
        .contains("\nSystemMaxUse=1024M\n");
  }

  @Test
  void indentsEveryLineOfABlock() {
    assertThat(Template.load("scripts/run-as-root.sh").render(Map.of("script", "one\n\n  two\n")))
        .contains("<<'END_OF_SCRIPT'\none\n\n  two\nEND_OF_SCRIPT\n");
  }

  @Test
  void refusesAMissingValue() {
    assertThatThrownBy(() -> Template.load(JOURNALD).render(Map.of()))
        .hasMessage("files/journald.conf: ${maxUse} has no value");
  }

  @Test
  void refusesAValueThatHasNoPlaceholder() {
    assertThatThrownBy(() -> Template.load(JOURNALD).render(Map.of("maxUse", "1G", "min", "1")))
        .hasMessage("files/journald.conf has no placeholder [min]");
  }

  @Test
  void refusesSeveralLinesWithinALine() {
    assertThatThrownBy(() -> Template.load(JOURNALD).render(Map.of("maxUse", "1G\nStorage=none")))
        .hasMessage("files/journald.conf: ${maxUse} takes a single line");
  }

  @Test
  void namesAFileThatIsNotThere() {
    assertThatThrownBy(() -> Template.load("files/none.conf"))
        .hasMessage("/cloud-init/files/none.conf is not on the class path");
  }
}
