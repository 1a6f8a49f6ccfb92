package dev.nordfaas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The tests that docs/security.md names show what it promises: they are there. */
class SecurityDocumentTest {
  private static final Pattern NAMED = Pattern.compile("`(\\w+(?:Test|IT))(?:\\.(\\w+))?`");

  private static Map<String, String> tests() throws IOException {
    try (var files = Stream.concat(java("src/test/java"), java("functions"))) {
      return files.collect(
          Collectors.toMap(
              file -> file.getFileName().toString().replace(".java", ""),
              SecurityDocumentTest::text,
              String::concat));
    }
  }

  private static Stream<Path> java(String folder) throws IOException {
    return Files.walk(Path.of(folder)).filter(file -> file.toString().endsWith(".java"));
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void namesTestsThatThereAre() throws IOException {
    var tests = tests();
    var named = NAMED.matcher(Files.readString(Path.of("docs/security.md"))).results().toList();

    assertThat(named)
        .hasSizeGreaterThan(20)
        .allSatisfy(
            test -> {
              assertThat(tests).containsKey(test.group(1));
              if (test.group(2) != null) {
                assertThat(tests.get(test.group(1)))
                    .containsPattern("(void|class) " + test.group(2) + "\\b");
              }
            });
  }
}
