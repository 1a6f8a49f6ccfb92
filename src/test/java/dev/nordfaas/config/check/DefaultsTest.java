package dev.nordfaas.config.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.model.DocumentedKey;
import dev.nordfaas.config.model.KeyPath;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DefaultsTest {

  @Test
  void everyDefaultAndExampleIsValid() {
    assertThat(DocumentedKey.all())
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
}
