package dev.nordfaas.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.manifest.PodNetworkPolicy;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LabelIndexTest {
  private static final Map<String, String> COMMON = Map.of("component", "function");

  private static PodNetworkPolicy policy(Map<String, String> selector, Map<String, String> labels) {
    return new PodNetworkPolicy("ns", "any", Map.of(), selector, labels, List.of(), List.of());
  }

  private static Map<String, String> labels(int number) {
    return Map.of("component", "function", "name", "function-" + number);
  }

  private static LabelIndex ofFunctions(int count) {
    return new LabelIndex(
        IntStream.range(0, count).mapToObj(it -> policy(labels(it), labels(it))).toList());
  }

  /** What there is to look at does not grow with the number of functions. */
  @Test
  void looksAtOneOfAThousandFunctions() {
    var index = ofFunctions(1000);

    assertThat(index.withPods(labels(7))).hasSize(1);
    assertThat(index.selecting(labels(7))).hasSize(1);
  }

  @Test
  void findsAllWithALabelThatTheyShare() {
    assertThat(ofFunctions(3).withPods(COMMON)).hasSize(3);
  }

  @Test
  void findsNoneWithALabelThatNobodyHas() {
    assertThat(ofFunctions(3).withPods(Map.of("name", "another"))).isEmpty();
  }

  @Test
  void withoutLabelsEverythingIsFound() {
    assertThat(ofFunctions(3).withPods(Map.of())).hasSize(3);
  }

  @Test
  void aPolicyWithoutSelectorSelectsEverything() {
    var everything = policy(Map.of(), labels(1));
    var other = policy(Map.of("name", "function-2"), labels(2));

    assertThat(new LabelIndex(List.of(everything, other)).selecting(labels(1)))
        .containsExactly(everything);
  }

  @Test
  void aPolicyIsFoundOnceHoweverManyLabelsItSelectsBy() {
    var policy = policy(labels(1), labels(1));

    assertThat(new LabelIndex(List.of(policy)).selecting(labels(1))).containsExactly(policy);
  }
}
