package dev.nordfaas.generated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.Key;
import dev.nordfaas.config.model.DocumentedKey;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class ConfigGeneratorTest {
  private static final int EACH = 20;

  @Test
  void textsMatchThePatternsOfKeysAndDiffer() {
    var texts = new RandomTexts();
    var random = new Random(1);
    var patterns =
        DocumentedKey.all()
            .map(key -> key.model().key())
            .flatMap((Key key) -> Stream.of(key.pattern(), key.keyPattern()))
            .filter(pattern -> !pattern.isEmpty())
            .distinct()
            .toList();

    for (var pattern : patterns) {
      var drawn = new HashSet<String>();
      for (var i = 0; i < EACH; i++) {
        var text = texts.matching(pattern, random, List.of());
        assertThat(text).matches(pattern);
        drawn.add(text);
      }
      assertThat(drawn).as(pattern).hasSizeGreaterThan(1);
    }
  }

  @Test
  void numberAndSeedMakeAConfig() {
    assertThat(new ConfigGenerator(1).draw(3).config())
        .isEqualTo(new ConfigGenerator(1).draw(3).config())
        .isNotEqualTo(new ConfigGenerator(2).draw(3).config());
  }

  @Test
  void smallestFormHasNothingThatItsFailureDoesNotNeed() {
    var config =
        new GeneratedConfig(
            (ObjectNode)
                new JsonMapper()
                    .readTree(
                        "{\"a\":{\"b\":1,\"list\":[1,2,3]},\"c\":{\"d\":2,\"e\":{\"f\":3}}}"));

    var smallest =
        Smallest.of(
            config,
            it ->
                it.tree().path("c").has("d")
                    && it.tree().path("a").path("list").toString().contains("2"),
            100);

    assertThat(smallest.tree().toString()).isEqualTo("{\"a\":{\"list\":[2]},\"c\":{\"d\":2}}");
  }
}
