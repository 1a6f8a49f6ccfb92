package dev.nordfaas.config.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.StackConfig;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ConfigModelTest {

  @Test
  void everyKeyIsDocumentedInSentences() {
    assertThat(DocumentedKey.all())
        .allSatisfy(key -> assertThat(key.model().key().value()).matches("[^ ].*\\."));
  }

  @Test
  void everyRequiredKeyShowsWhatItTakes() {
    assertThat(DocumentedKey.all())
        .filteredOn(key -> key.model().required() && !key.path().equals("nodes"))
        .filteredOn(key -> key.model().type() instanceof KeyType.Scalar)
        .filteredOn(key -> key.model().type() != KeyType.Scalar.SECRET)
        .allSatisfy(key -> assertThat(key.model().example()).isPresent());
  }

  /** A section that is missing from the stack config is one without keys, so it is always there. */
  @Test
  void noSectionIsOptional() {
    assertThat(StackConfig.class.getRecordComponents())
        .extracting(RecordComponent::getType)
        .doesNotContain((Class) Optional.class);
  }

  @Test
  void everyPatternHasItsWording() {
    assertThat(DocumentedKey.all())
        .allSatisfy(
            key -> {
              var documented = key.model().key();
              assertThat(documented.hint().isEmpty()).isEqualTo(documented.pattern().isEmpty());
              assertThat(documented.keyHint().isEmpty())
                  .isEqualTo(documented.keyPattern().isEmpty());
            });
  }

  /** Their names stand in Pulumi.yaml too, with an empty value. */
  @Test
  void noSectionHasAnEarlierName() {
    assertThat(ConfigModel.stackConfig().keys())
        .allSatisfy(section -> assertThat(section.earlierNames()).isEmpty());
  }

  @Test
  void earlierNamesEndWithTheirRelease() throws IOException {
    var release = release(Files.readString(Path.of("pom.xml")));

    assertThat(DocumentedKey.all().flatMap(key -> key.model().earlierNames().stream()))
        .allSatisfy(
            earlier ->
                assertThat(minor(earlier.until()))
                    .as("%s: remove renamedFrom, its time is over", earlier.from())
                    .isGreaterThan(release));
  }

  /** For a minor release, at least. */
  @Test
  void earlierNamesEndAfterTheyAreReplaced() {
    assertThat(DocumentedKey.all().flatMap(key -> key.model().earlierNames().stream()))
        .isNotEmpty()
        .allSatisfy(
            earlier -> assertThat(minor(earlier.until())).isGreaterThan(minor(earlier.since())));
  }

  private static int release(String pom) {
    var version = Pattern.compile("<version>([0-9]+[.][0-9]+)").matcher(pom);
    assertThat(version.find()).isTrue();
    return minor(version.group(1));
  }

  private static int minor(String release) {
    var parts = release.split("[.]");
    return Integer.parseInt(parts[0]) * 1000 + Integer.parseInt(parts[1]);
  }
}
