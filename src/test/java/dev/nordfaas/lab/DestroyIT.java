package dev.nordfaas.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The end of a stack: what has no data goes, what has data stays, and another up finds it. */
@EndToEnd
@Tag("lab-faults")
@Order(Integer.MAX_VALUE)
class DestroyIT {
  private static final List<String> NAMESPACES_WITH_DATA = List.of("nats", "postgres");

  private static String order;
  private static Lab.Result destroy;

  @BeforeAll
  static void destroyAfterAnOrder() {
    order = "lab-" + UUID.randomUUID();
    Lab.postOrder(order);
    Lab.eventually(DestroyIT::rows, List.of("1")::equals);
    destroy = Lab.stack("destroy", "--yes", "--skip-preview", "--color=never");
  }

  @AfterAll
  static void bringThePlatformBack() {
    Lab.run("lab/deploy").ok();
    assertThat(rows()).as("orders from before").containsExactly("1");
  }

  private static List<String> rows() {
    return Lab.sql("select count(*) from orders where order_id = '" + order + "'");
  }

  private static List<String> namesOf(String kinds) {
    return Lab.objects(kinds, "--all-namespaces").stream()
        .map(
            it ->
                it.at("/metadata/namespace").stringValue("")
                    + " "
                    + it.get("kind").stringValue()
                    + " "
                    + it.at("/metadata/name").stringValue())
        .filter(name -> !name.startsWith("kube-system "))
        .sorted()
        .toList();
  }

  @Test
  void saysThatSomethingWasKept() {
    assertThat(destroy.ok()).contains("All unprotected resources were destroyed. There are still ");
  }

  @Test
  void leavesNoWorkloadButThoseThatHoldData() {
    assertThat(namesOf("deployments,statefulsets,daemonsets,jobs,horizontalpodautoscalers"))
        .containsExactly("nats StatefulSet nats", "postgres StatefulSet postgres");
  }

  @Test
  void leavesNoVolumeButThoseOfWhatHoldsData() {
    assertThat(namesOf("persistentvolumeclaims"))
        .containsExactly(
            "nats PersistentVolumeClaim data-nats-0",
            "postgres PersistentVolumeClaim data-postgres-0",
            "postgres PersistentVolumeClaim postgres-backup");
  }

  @Test
  void leavesNoNamespaceButThoseOfWhatHoldsData() {
    assertThat(Lab.objects("namespaces"))
        .extracting(it -> it.at("/metadata/name").stringValue())
        .filteredOn(name -> !name.startsWith("kube-") && !name.equals("default"))
        .containsExactlyElementsOf(NAMESPACES_WITH_DATA);
  }
}
