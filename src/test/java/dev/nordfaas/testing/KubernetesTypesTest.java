package dev.nordfaas.testing;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class KubernetesTypesTest {
  @Test
  void refusesAFieldThatACustomTypeDoesNotHave() {
    assertThatThrownBy(
            () -> KubernetesTypes.validate(cluster(Map.of("instance", 3, "instances", 3))))
        .hasMessageContaining("'instance'");
  }

  @Test
  void refusesAValueThatACustomTypeDoesNotTake() {
    assertThatThrownBy(() -> KubernetesTypes.validate(cluster(Map.of("instances", "three"))))
        .hasMessageContaining("instances");
  }

  @Test
  void refusesACustomTypeThatNobodyHasPublished() {
    assertThatThrownBy(
            () ->
                KubernetesTypes.validate(
                    Map.of("apiVersion", "postgresql.cnpg.io/v1", "kind", "Clusters")))
        .hasMessage("postgresql.cnpg.io/v1/Clusters is no type that tools/crds/fetch knows");
  }

  private static Map<String, Object> cluster(Map<String, Object> spec) {
    return Map.of(
        "apiVersion",
        "postgresql.cnpg.io/v1",
        "kind",
        "Cluster",
        "metadata",
        Map.of("name", "postgres"),
        "spec",
        spec);
  }
}
