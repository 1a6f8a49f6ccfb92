package dev.nordfaas.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SettingsTest {
  private static final Settings SETTINGS =
      new Settings(
          List.of(
              List.of(Setting.plain("port", 5432).withRestart(), Setting.plain("empty", "")),
              List.of(Setting.text("log_line_prefix", "it's ").because("Who?\nAnd where?"))));

  @Test
  void writesGroupsWithBlankLinesAndComments() {
    assertThat(SETTINGS.file())
        .isEqualTo(
            """
            port = 5432
            empty =

            # Who?
            # And where?
            log_line_prefix = 'it''s '
            """);
  }

  @Test
  void keepsAQuoteInTheValueThatAnOperatorGets() {
    assertThat(SETTINGS.values(Set.of("empty")))
        .containsOnly(Map.entry("log_line_prefix", "it's "), Map.entry("port", "5432"));
  }

  @Test
  void restartsForNoCommentAndNoOtherSetting() {
    assertThat(SETTINGS.restartingPart()).isEqualTo("port = 5432");
  }
}
