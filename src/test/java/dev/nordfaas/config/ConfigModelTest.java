package dev.nordfaas.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ConfigModelTest {

  @Test
  void everyKeyIsDocumentedInSentences() {
    assertThat(keys())
        .allSatisfy(key -> assertThat(key.model().key().value()).matches("[^ ].*\\."));
  }

  @Test
  void everyDefaultAndExampleIsValid() {
    assertThat(keys())
        .allSatisfy(
            key ->
                Stream.concat(key.model().defaultValue().stream(), key.model().example().stream())
                    .forEach(
                        value -> {
                          var problems = new Problems();
                          new TreeChecker(problems, true)
                              .present(value, key.model(), KeyPath.of("x"));
                          assertThat(problems.sorted()).isEmpty();
                        }));
  }

  @Test
  void everyRequiredKeyShowsWhatItTakes() {
    assertThat(keys())
        .filteredOn(key -> key.model().required() && !key.path().equals("nodes"))
        .filteredOn(key -> key.model().type() instanceof KeyType.Scalar)
        .filteredOn(key -> key.model().type() != KeyType.Scalar.SECRET)
        .allSatisfy(key -> assertThat(key.model().example()).isPresent());
  }

  @Test
  void everyPatternHasItsWording() {
    assertThat(keys())
        .allSatisfy(
            key -> {
              var documented = key.model().key();
              assertThat(documented.hint().isEmpty()).isEqualTo(documented.pattern().isEmpty());
              assertThat(documented.keyHint().isEmpty())
                  .isEqualTo(documented.keyPattern().isEmpty());
            });
  }

  private static List<KeyReference> keys() {
    return ConfigModel.stackConfig().keys().stream()
        .map(KeyReference::of)
        .flatMap(ConfigModelTest::withChildren)
        .toList();
  }

  private static Stream<KeyReference> withChildren(KeyReference key) {
    return Stream.concat(
        Stream.of(key), key.children().stream().flatMap(ConfigModelTest::withChildren));
  }
}
