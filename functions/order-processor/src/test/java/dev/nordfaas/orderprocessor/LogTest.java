package dev.nordfaas.orderprocessor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LogTest {
  @Test
  void writesOneLineOfJsonPerEvent() {
    var output = new ByteArrayOutputStream();

    new Log(output).warn("two\nlines", Map.of("id", "A-1"));

    var text = output.toString(StandardCharsets.UTF_8);
    assertThat(text.lines()).hasSize(1);
    var line = Json.MAPPER.readTree(text);
    assertThat(line.propertyNames()).containsExactly("time", "level", "message", "id");
    assertThat(line.path("level").stringValue()).isEqualTo("warn");
    assertThat(line.path("message").stringValue()).isEqualTo("two\nlines");
    assertThat(line.path("id").stringValue()).isEqualTo("A-1");
  }
}
