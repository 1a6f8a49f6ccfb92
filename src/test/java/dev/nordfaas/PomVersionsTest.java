package dev.nordfaas;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The functions are builds of their own; what they have in common with the program, or with each
 * other, is one version. What those share that have {@code functions/pom.xml} as their parent
 * stands there, and nowhere else.
 */
class PomVersionsTest {
  private static final Path PROGRAM = Path.of("pom.xml");
  private static final Path PARENT = Path.of("functions/pom.xml");
  private static final Path TESTING = Path.of("testing/pom.xml");
  private static final Path TEMPLATE = Path.of("template/pom.xml");

  private static final List<Pattern> VERSIONS =
      List.of(
          Pattern.compile(
              "<([a-z0-9.-]+\\.version|maven\\.compiler\\.release|jib\\.from\\.image)>([^<]+)</"),
          Pattern.compile(
              "<artifactId>([a-z-]+-maven-plugin|maven-[a-z]+-plugin)</artifactId>\\s*<version>([^<]+)</"));

  @Test
  void whatSeveralPomsNameHasOneVersion() throws IOException {
    var poms = functions();
    poms.addAll(List.of(PROGRAM, PARENT, TESTING));
    poms.addAll(List.of(TEMPLATE, Path.of("template/functions/hello/pom.xml")));
    var versions = new TreeMap<String, Map<Path, String>>();
    for (var pom : poms) {
      versions(pom)
          .forEach(
              (name, version) ->
                  versions.computeIfAbsent(name, any -> new TreeMap<>()).put(pom, version));
    }

    assertThat(versions.get("junit.version")).containsKeys(PROGRAM, PARENT, function("hello"));
    assertThat(versions.get("jib-maven-plugin")).containsKeys(PARENT, function("hello"));
    assertThat(versions)
        .allSatisfy(
            (name, byPom) -> assertThat(Set.copyOf(byPom.values())).as("%s", byPom).hasSize(1));
  }

  /** Maven cannot read it from another pom; the images of a release have its version, too. */
  @Test
  void programTestingImagesAndDefaultsAreOneRelease() throws IOException {
    var program = versionOf(PROGRAM);
    var release = program.replace("-SNAPSHOT", "");

    assertThat(versionOf(TESTING)).isEqualTo(program);
    assertThat(versionOf(PARENT)).isEqualTo(release);
    assertThat(Files.readString(Path.of("src/main/java/dev/nordfaas/config/Release.java")))
        .contains("VERSION = \"" + release + "\"");
    assertThat(Files.readString(TEMPLATE))
        .contains("<nordfaas.version>" + release + "</nordfaas.version>");
  }

  /** The first version in a pom without a parent is its own. */
  private static String versionOf(Path pom) throws IOException {
    return Pattern.compile("<version>([^<]+)</")
        .matcher(Files.readString(pom))
        .results()
        .findFirst()
        .orElseThrow()
        .group(1);
  }

  @Test
  void functionsRepeatNothingOfTheirParent() throws IOException {
    var children = new ArrayList<Path>();
    for (var pom : functions()) {
      if (Files.readString(pom).contains("<parent>")) {
        children.add(pom);
      }
    }

    assertThat(children).contains(function("order-processor"), function("queue-worker"));
    var ofParent = versions(PARENT).keySet();
    for (var pom : children) {
      assertThat(versions(pom).keySet()).as("%s", pom).doesNotContainAnyElementsOf(ofParent);
    }
  }

  /** Who copies its folder elsewhere has a build. */
  @Test
  void helloHasNoParent() throws IOException {
    assertThat(Files.readString(function("hello"))).doesNotContain("<parent>");
  }

  private static List<Path> functions() throws IOException {
    try (var folders = Files.list(PARENT.getParent())) {
      return new ArrayList<>(
          folders.map(folder -> folder.resolve("pom.xml")).filter(Files::exists).sorted().toList());
    }
  }

  private static Path function(String name) {
    return PARENT.resolveSibling(name).resolve("pom.xml");
  }

  private static Map<String, String> versions(Path pom) throws IOException {
    var text = Files.readString(pom);
    return VERSIONS.stream()
        .flatMap(pattern -> pattern.matcher(text).results())
        .collect(toMap(it -> it.group(1), it -> it.group(2)));
  }
}
