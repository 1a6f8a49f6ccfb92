package dev.nordfaas.customresource;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SpecFieldsTest {
  private record Inner(String name) {}

  private record Spec(
      int count,
      boolean on,
      Inner inner,
      List<Inner> list,
      Map<String, String> labels,
      Optional<Inner> maybe,
      String text) {}

  @Test
  void namesFieldsLikeTheComponents() {
    var spec =
        new Spec(
            3,
            true,
            new Inner("a"),
            List.of(new Inner("b")),
            Map.of("key", "value"),
            Optional.of(new Inner("c")),
            "text");

    assertThat(SpecFields.of(spec))
        .isEqualTo(
            Map.of(
                "count", 3,
                "on", true,
                "inner", Map.of("name", "a"),
                "list", List.of(Map.of("name", "b")),
                "labels", Map.of("key", "value"),
                "maybe", Map.of("name", "c"),
                "text", "text"));
  }

  @Test
  void leavesOutWhatIsEmpty() {
    var spec = new Spec(0, false, new Inner("a"), List.of(), Map.of(), Optional.empty(), "");

    assertThat(SpecFields.of(spec)).containsOnlyKeys("count", "on", "inner");
  }
}
