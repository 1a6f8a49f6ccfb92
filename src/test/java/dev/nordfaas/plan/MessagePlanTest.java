package dev.nordfaas.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.nats.NatsWorker;
import dev.nordfaas.plan.MessagePath.Called;
import dev.nordfaas.plan.MessagePath.Stored;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MessagePlanTest {
  private static final String ORDERS = "nordfaas:nats.streams.orders";

  private static MessagePlan oslo(String settings) {
    return new StackVariant("oslo", "set: {%s}".formatted(settings)).plan().messages();
  }

  private static String text(MessagePath path) {
    return "%s: %s -> %s -> %s"
        .formatted(
            path.name(),
            path.subject(),
            path.stream().map(Stored::name).orElse("nowhere"),
            path.readers().stream()
                .map(
                    reader ->
                        "%s (%s)"
                            .formatted(
                                reader.durable(),
                                reader.function().map(Called::name).orElse("nobody")))
                .toList());
  }

  @Test
  void leadsFromTheRouteToTheFunction() {
    assertThat(oslo("").paths())
        .extracting(MessagePlanTest::text)
        .containsExactly("orders: orders.created -> orders -> [order-processor (order-processor)]");
  }

  @Test
  void endsWhereNobodyTakesTheSubject() {
    assertThat(
            oslo("%s.consumers.audit: {}, nordfaas:queueWorker.intake.routes: {paid: {path: /paid, subject: orders.paid}, mail: {path: /mail, subject: mail.sent}}"
                    .formatted(ORDERS))
                .paths())
        .extracting(MessagePlanTest::text)
        .containsExactly(
            "mail: mail.sent -> nowhere -> []", "paid: orders.paid -> orders -> [audit (nobody)]");
  }

  @Test
  void knowsWhoPublishesAndWhoWorks() {
    var messages = oslo("");

    assertThat(messages.subjects()).containsExactly("orders.created");
    assertThat(messages.workers())
        .isEqualTo(Map.of("order-processor", new NatsWorker("orders", "order-processor")));
    assertThat(messages.into("orders")).hasSize(1);
    assertThat(messages.unread()).isEmpty();
  }
}
