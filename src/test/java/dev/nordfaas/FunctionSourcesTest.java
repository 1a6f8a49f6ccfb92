package dev.nordfaas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * {@code tools/function-sources}: what is not among these could change without another tag of the
 * image, and would be missing in the lab's build.
 */
class FunctionSourcesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = ':',
      value = {
        "hello: hello/pom.xml hello/src/main",
        "order-processor: pom.xml order-processor/pom.xml order-processor/src/main"
            + " order-processor/classes.list json-check/src/main/java"
            + " order-processor/order.schema.json",
        "queue-worker: pom.xml queue-worker/pom.xml queue-worker/src/main json-check/src/main/java"
      })
  void namesWhatAnImageIsMadeFrom(String name, String sources) throws Exception {
    assertThat(sources(name)).containsExactly(sources.split(" "));
    assertThat(sources(name)).allMatch(path -> Files.exists(Path.of("functions", path)));
  }

  /** The copy in the image is the file that the routes of the stacks name. */
  @Test
  void theSchemaInTheImageIsThatOfTheRoutes() throws IOException {
    assertThat(Files.readString(Path.of("src/test/resources/stacks/Pulumi.oslo.yaml")))
        .contains("schema: functions/order-processor/order.schema.json");
    assertThat(Files.readString(Path.of("functions/order-processor/pom.xml")))
        .contains("<include>order.schema.json</include>");
  }

  private static List<String> sources(String name) throws IOException, InterruptedException {
    var process =
        new ProcessBuilder("tools/function-sources", name).redirectErrorStream(true).start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output.lines().toList();
  }
}
