package dev.nordfaas;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.Key;
import dev.nordfaas.config.StackConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The custom managers of {@code renovate.json}, on the files that they are for. That Renovate
 * itself reads the file was not tried.
 */
class RenovateTest {
  /** A default that is an image: registry, path and tag. */
  private static final Pattern IMAGE = Pattern.compile("[a-z0-9.-]+\\.[a-z]+/[^ :]+:[^ /]+");

  private static final JsonNode CONFIG = read();

  private static JsonNode read() {
    try {
      return new JsonMapper().readTree(Files.readString(Path.of("renovate.json")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Stream<JsonNode> managers() {
    return CONFIG.get("customManagers").values().stream();
  }

  private static JsonNode manager(String description) {
    return managers()
        .filter(it -> it.get("description").stringValue().startsWith(description))
        .findFirst()
        .orElseThrow();
  }

  /** Renovate takes what is between slashes for a pattern. */
  private static List<Path> files(JsonNode manager) {
    var patterns =
        manager.get("managerFilePatterns").values().stream()
            .map(JsonNode::stringValue)
            .map(text -> Pattern.compile(text.substring(1, text.length() - 1)))
            .toList();
    try (var files = Files.walk(Path.of("src/main"));
        var beside = Files.list(Path.of(""));
        var tools = Files.list(Path.of("tools"))) {
      return Stream.of(files, beside, tools)
          .flatMap(it -> it)
          .filter(Files::isRegularFile)
          .filter(file -> patterns.stream().anyMatch(it -> it.matcher(file.toString()).find()))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<MatchResult> found(JsonNode manager, String pattern) {
    return files(manager).stream()
        .map(RenovateTest::text)
        .map(Pattern.compile(pattern)::matcher)
        .flatMap(Matcher::results)
        .toList();
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Set<String> images(String description) {
    var manager = manager(description);
    var images = new TreeSet<String>();
    for (var pattern : manager.get("matchStrings").values()) {
      found(manager, pattern.stringValue())
          .forEach(match -> images.add(match.group(1) + ":" + match.group(2)));
    }
    return images;
  }

  @ParameterizedTest
  @MethodSource("managers")
  void everyExpressionFindsSomething(JsonNode manager) {
    assertThat(manager.get("matchStrings").values())
        .isNotEmpty()
        .allSatisfy(it -> assertThat(found(manager, it.stringValue())).isNotEmpty());
  }

  @ParameterizedTest
  @MethodSource("managers")
  void everyManagerNamesWhatItUpdatesAndWhere(JsonNode manager) {
    assertThat(manager.get("customType").stringValue()).isEqualTo("regex");
    assertThat(manager.has("datasourceTemplate")).isTrue();
    assertThat(manager.get("matchStrings").values())
        .allSatisfy(
            it ->
                assertThat(it.stringValue().contains("(?<depName>"))
                    .isNotEqualTo(manager.has("depNameTemplate")))
        .allSatisfy(it -> assertThat(it.stringValue()).contains("(?<currentValue>"));
  }

  @Test
  void everyDefaultOfAnImageIsFound() {
    var defaults = new TreeSet<String>();
    collect(StackConfig.class, defaults, new HashSet<>());

    assertThat(defaults).hasSizeGreaterThan(5);
    assertThat(images("Images: ")).containsAll(defaults).anyMatch(it -> it.contains("/gateway:"));
  }

  /** Our own image is that of the same release. */
  private static boolean isOurs(Key key) {
    return key.defaultValue().startsWith("ghcr.io/nordfaas/");
  }

  private static void collect(Type type, Set<String> defaults, Set<Type> seen) {
    if (!seen.add(type)) {
      return;
    }
    if (type instanceof ParameterizedType generic) {
      Stream.of(generic.getActualTypeArguments()).forEach(it -> collect(it, defaults, seen));
    } else if (type instanceof Class<?> record && record.isRecord()) {
      for (var component : record.getRecordComponents()) {
        var key = component.getAnnotation(Key.class);
        if (key != null && IMAGE.matcher(key.defaultValue()).matches() && !isOurs(key)) {
          defaults.add(key.defaultValue());
        }
        collect(component.getGenericType(), defaults, seen);
      }
    }
  }

  @Test
  void imagesOfTheLabAreLeftAlone() {
    assertThat(images("Images of the stacks"))
        .isNotEmpty()
        .noneMatch(it -> it.startsWith("lab.nordfaas.dev"));
  }

  @Test
  void everyVersionOfTheToolsIsFound() {
    var variables =
        text(Path.of("tools/versions.env"))
            .lines()
            .filter(line -> line.matches("[A-Z_]+_(VERSION|MINIMUM)=.*"))
            .map(line -> line.replaceFirst(".*=", ""))
            .toList();
    var found = new HashSet<String>();
    managers()
        .filter(it -> it.get("managerFilePatterns").toString().contains("versions"))
        .forEach(
            it ->
                it.get("matchStrings")
                    .values()
                    .forEach(
                        pattern ->
                            found(it, pattern.stringValue())
                                .forEach(match -> found.add(match.group(match.groupCount())))));

    // GO_MINIMUM does not end like the others.
    assertThat(variables).isNotEmpty();
    assertThat(found).containsAll(variables).hasSizeGreaterThan(variables.size() - 1);
  }

  @Test
  void k3sIsComparedByItsOwnVersions() {
    var manager = manager("K3s");
    var versioning = manager.get("versioningTemplate").stringValue();
    var pattern = Pattern.compile(versioning.replaceFirst("^regex:", ""));

    assertThat(found(manager, manager.get("matchStrings").get(0).stringValue()))
        .extracting(match -> match.group(1))
        .isNotEmpty()
        .allMatch(version -> pattern.matcher(version).matches());
  }

  @ParameterizedTest
  @ValueSource(strings = {"github-actions", "gomod", "maven", "custom.regex"})
  void managesWhatThereIs(String manager) {
    assertThat(CONFIG.get("enabledManagers").values())
        .extracting(JsonNode::stringValue)
        .contains(manager);
  }
}
