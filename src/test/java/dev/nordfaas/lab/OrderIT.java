package dev.nordfaas.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The way of an order, from a client outside to a row in PostgreSQL. */
@EndToEnd
class OrderIT {
  private final String id = "lab-" + UUID.randomUUID();

  @Test
  void everyWorkloadIsReady() {
    assertThat(Lab.objects("deployments,statefulsets", "--all-namespaces")).hasSizeGreaterThan(8);
    assertThat(Lab.eventually(() -> FullNode.missing(""), List::isEmpty)).isEmpty();
  }

  @Test
  void isAnswered202WithItsIdAndWhereItsStatusIs() {
    var answer = Lab.postOrder(id);

    assertThat(answer.status()).as(answer.body()).isEqualTo(202);
    var callId = answer.json().get("id").stringValue();
    assertThat(callId).isNotEmpty();
    assertThat(answer.json().get("stream").stringValue()).isEqualTo("orders");
    assertThat(answer.headers()).containsEntry("location", "/status/" + callId);
  }

  @Test
  void endsAsOneRowInPostgres() {
    Lab.postOrder(id);

    assertThat(rows()).containsExactly("1");
  }

  @Test
  void hasStatusDoneInTheEnd() {
    var call = Lab.postOrder(id).json().get("id").stringValue();

    assertThat(Lab.eventually(() -> Lab.status(call).body(), status -> status.contains("\"done\"")))
        .contains("\"done\"");
  }

  @Test
  void isWrittenThroughPgBouncer() {
    Lab.postOrder(id);
    assertThat(rows()).containsExactly("1");

    var poolers =
        Lab.objects("pods", "--namespace=postgres", "--selector=app.kubernetes.io/name=pgbouncer")
            .stream()
            .map(pod -> pod.at("/status/podIP").stringValue())
            .toList();
    assertThat(
            Lab.sql(
                "select distinct host(client_addr) from pg_stat_activity"
                    + " where usename = 'order_processor'"))
        .isNotEmpty()
        .isSubsetOf(poolers);
  }

  @Test
  void isReadBackThroughTheGatewayBySynchronousFunction() {
    Lab.postOrder(id);
    assertThat(rows()).containsExactly("1");

    var answer = Lab.edge("/order-status/orders/" + id);

    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(answer.body()).contains(id);
  }

  private List<String> rows() {
    return Lab.eventually(
        () -> Lab.sql("select count(*) from orders where order_id = '" + id + "'"),
        List.of("1")::equals);
  }
}
