package dev.nordfaas.config.model;

import static org.assertj.core.api.Assertions.assertThat;

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
}
