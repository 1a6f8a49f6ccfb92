package dev.nordfaas.queueworker.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.queueworker.testing.FunctionStub;
import dev.nordfaas.queueworker.testing.FunctionStub.Reply;
import dev.nordfaas.queueworker.testing.NatsServer;
import dev.nordfaas.queueworker.testing.Role;
import dev.nordfaas.queueworker.testing.Streams;
import io.nats.client.api.MessageInfo;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two consumers of one stream, each with a worker and a function of its own. */
class SharedStreamTest {
  private static final String ORDER = "{\"orderId\":\"o-1\"}";

  @RegisterExtension private static final NatsServer server = NatsServer.start();

  @ParameterizedTest
  @ValueSource(strings = {"interest", "limits"})
  void bothDeadLettersOfAnIdAreKept(String retention) {
    try (var streams = Streams.createForTwo(server, retention);
        var function = FunctionStub.start().answers(call -> Reply.of(422))) {
      streams.publish("shared", ORDER);

      Role.process(server, streams, Streams.DURABLE, function);
      Role.process(server, streams, Streams.OTHER_DURABLE, function);

      assertThat(function.calls()).hasSize(2);
      assertThat(streams.deadLetters())
          .extracting(headers -> headers.getFirst("X-Call-Id"))
          .containsExactly("shared", "shared");
      assertThat(streams.deadLetterMessages())
          .extracting(MessageInfo::getSubject)
          .satisfiesExactly(
              subject -> assertThat(subject).startsWith("dlq.orders.order-processor."),
              subject -> assertThat(subject).startsWith("dlq.orders.mailer."));
    }
  }
}
