package dev.nordfaas.config.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.StackConfig;
import java.lang.reflect.RecordComponent;
import java.util.Optional;
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
}
