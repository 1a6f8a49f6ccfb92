package dev.nordfaas.policy;

import static dev.nordfaas.config.check.RuleCheck.problems;
import static dev.nordfaas.config.check.RuleCheck.warnings;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether a message that is answered with 202 is kept, and whether somebody reads it. */
class MessageRulesTest {
  private static final String ORDERS = "nordfaas:nats.streams.orders";
  private static final String CANCELLED =
      "nordfaas:queueWorker.intake.routes.cancel: {path: /cancel, subject: orders.cancelled}";

  @Nested
  class OfARoute {
    @Test
    void areReadInAWorkQueueWithAWiderSubject() {
      assertThat(problems(new MessageRule(), "{}")).isEmpty();
      assertThat(warnings(new MessageRule(), "{}")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "[orders.>]", "['*.cancelled', orders.created]"})
    void areReadByAWiderFilter(String filters) {
      var patch =
          "set: {%s.consumers.order-processor.filterSubjects: %s, %s}"
              .formatted(ORDERS, filters, CANCELLED);

      assertThat(problems(new MessageRule(), patch)).isEmpty();
    }

    @Test
    void areDeletedUnreadInAWorkQueueThatFiltersAnother() {
      assertThat(problems(new MessageRule(), "set: {%s}".formatted(CANCELLED)))
          .containsExactly(
              "queueWorker.intake.routes.cancel.subject: no consumer of stream orders takes \"orders.cancelled\": such a message is answered with 202, and is deleted at maxAge 168h without having been read; add \"orders.cancelled\" to the filterSubjects of order-processor, or a consumer that takes it");
    }

    @Test
    void areDroppedAtOnceWithoutInterest() {
      var patch = "set: {%s.retention: interest, %s}".formatted(ORDERS, CANCELLED);

      assertThat(problems(new MessageRule(), patch))
          .containsExactly(
              "queueWorker.intake.routes.cancel.subject: no consumer of stream orders takes \"orders.cancelled\", and with retention interest such a message is answered with 202 and dropped at once; add \"orders.cancelled\" to the filterSubjects of order-processor, or a consumer that takes it");
    }

    @Test
    void areDroppedAtOnceWithoutAnyConsumer() {
      var patch = "set: {%s.retention: interest, %s.consumers: {}}".formatted(ORDERS, ORDERS);

      assertThat(problems(new MessageRule(), patch))
          .containsExactly(
              "queueWorker.intake.routes.orders.subject: no consumer of stream orders takes \"orders.created\", and with retention interest such a message is answered with 202 and dropped at once; add a consumer to nordfaas:nats.streams.orders.consumers, and name it in a function's queue");
    }

    @Test
    void areALogForAnAdministratorWithLimits() {
      var patch = "set: {%s.retention: limits, %s}".formatted(ORDERS, CANCELLED);

      assertThat(problems(new MessageRule(), patch)).isEmpty();
      assertThat(warnings(new MessageRule(), patch))
          .containsExactly(
              "queueWorker.intake.routes.cancel.subject: no consumer of stream orders takes \"orders.cancelled\", so only an administrator can read such a message; add \"orders.cancelled\" to the filterSubjects of order-processor, or a consumer that takes it");
    }
  }

  @Nested
  class OfAConsumer {
    private static final String REFUNDS =
        ORDERS + ".consumers.refunds: {filterSubjects: [orders.refunded]}";

    @Test
    void areDeletedUnreadInAWorkQueue() {
      assertThat(problems(new MessageRule(), "set: {%s}".formatted(REFUNDS)))
          .containsExactly(
              "nats.streams.orders.consumers.refunds: no function's queue names it, so nobody reads its messages: each is deleted at maxAge 168h; name it in functions.<name>.queue, or remove it");
    }

    @Test
    void fillAStreamThatWaitsForEveryConsumer() {
      var patch = "set: {%s.retention: interest, %s.consumers.audit: {}}".formatted(ORDERS, ORDERS);

      assertThat(problems(new MessageRule(), patch))
          .containsExactly(
              "nats.streams.orders.consumers.audit: no function's queue names it, so nobody reads its messages: the stream keeps each for it, and each is deleted at maxAge 168h; name it in functions.<name>.queue, or remove it");
    }

    @Test
    void areALogForAnAdministratorWithLimits() {
      var patch = "set: {%s.retention: limits, %s.consumers.audit: {}}".formatted(ORDERS, ORDERS);

      assertThat(problems(new MessageRule(), patch)).isEmpty();
      assertThat(warnings(new MessageRule(), patch))
          .containsExactly(
              "nats.streams.orders.consumers.audit: no function's queue names it, so only an administrator can read its messages; name it in functions.<name>.queue, or remove it");
    }
  }

  @Nested
  class OfAFunction {
    @Test
    void areNeverSentByAnyRoute() {
      var patch =
          "set: {%s.consumers.order-processor.filterSubjects: [orders.paid], %s.retention: limits}"
              .formatted(ORDERS, ORDERS);

      assertThat(warnings(new MessageRule(), patch))
          .contains(
              "functions.order-processor.queue.durable: no route publishes what consumer order-processor of stream orders takes, so no message ever calls this function; add a route to nordfaas:queueWorker.intake.routes, or remove the queue");
    }
  }
}
