package dev.nordfaas;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The functions are builds of their own; what they have in common with the program is one version.
 */
class PomVersionsTest {
  private static final Pattern PROPERTY =
      Pattern.compile("<([a-z.-]+\\.version|maven\\.compiler\\.release)>([^<]+)</");
  private static final Pattern PLUGIN =
      Pattern.compile(
          "<artifactId>([a-z-]+-maven-plugin|maven-[a-z]+-plugin)</artifactId>\\s*<version>([^<]+)</");

  static Stream<Path> functions() throws IOException {
    try (var folders = Files.list(Path.of("functions"))) {
      return folders
          .map(folder -> folder.resolve("pom.xml"))
          .filter(Files::exists)
          .sorted()
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("functions")
  void librariesHaveTheVersionOfTheProgram(Path pom) throws IOException {
    assertSame(pom, PROPERTY);
  }

  @ParameterizedTest
  @MethodSource("functions")
  void mavenPluginsHaveTheVersionOfTheProgram(Path pom) throws IOException {
    assertSame(pom, PLUGIN);
  }

  private static void assertSame(Path pom, Pattern pattern) throws IOException {
    var ours = versions(Path.of("pom.xml"), pattern);
    var common = versions(pom, pattern);
    common.keySet().retainAll(ours.keySet());

    assertThat(common)
        .isNotEmpty()
        .allSatisfy((name, version) -> assertThat(version).as(name).isEqualTo(ours.get(name)));
  }

  private static Map<String, String> versions(Path pom, Pattern pattern) throws IOException {
    return pattern
        .matcher(Files.readString(pom))
        .results()
        .collect(toMap((MatchResult it) -> it.group(1), it -> it.group(2)));
  }
}
