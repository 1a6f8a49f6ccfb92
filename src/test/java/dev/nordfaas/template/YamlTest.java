package dev.nordfaas.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.dataformat.yaml.YAMLMapper;

class YamlTest {
  @ParameterizedTest
  @ValueSource(strings = {"", "no", "0600", "a: b # c", "\"\\'", "tab\tline\nend", "blåbær"})
  void aParserReadsBackWhatWasQuoted(String text) {
    assertThat(new YAMLMapper().readTree(Yaml.quote(text)).asString()).isEqualTo(text);
  }

  @Test
  void keepsTheOrderAndTheTypes() {
    var entries = new LinkedHashMap<String, Object>();
    entries.put("text", "0600");
    entries.put("number", 28);
    entries.put("flag", true);
    entries.put("list", List.of("a", "b"));

    assertThat(Yaml.mapping(entries))
        .isEqualTo(
            """
            text: "0600"
            number: 28
            flag: true
            list:
              - "a"
              - "b"
            """);
  }
}
