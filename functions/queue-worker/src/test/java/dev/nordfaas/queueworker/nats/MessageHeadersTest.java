package dev.nordfaas.queueworker.nats;

import static org.assertj.core.api.Assertions.assertThat;

import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageHeadersTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Type",
        "X-Tenant",
        "traceparent",
        "Nordfaas-Query",
        "Nordfaas-Caller-Issuer",
        "nordfaas-caller-subject",
        "Nordfaas-Caller-Claims"
      })
  void passesOnWhatBelongsToTheRequest(String header) {
    assertThat(MessageHeaders.ofRequest(new Headers().put(header, "value")).keySet())
        .containsExactly(header);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Nats-Msg-Id",
        "NATS-BATCH-ID",
        "Nordfaas-Reason",
        "Nordfaas-Caller",
        "Nordfaas-Caller-Name",
        "Nordfaas-Status-Of",
        "Nordfaas_Caller_Issuer",
        "Nordfaas-Caller_Subject",
        "nordfaas_caller-claims"
      })
  void passesOnNothingElseOfOurs(String header) {
    assertThat(MessageHeaders.ofRequest(new Headers().put(header, "value")).keySet()).isEmpty();
  }

  @Test
  void findsAllValuesHoweverTheNameIsWritten() {
    var message =
        NatsMessage.builder()
            .subject("orders.created")
            .headers(
                new Headers()
                    .add("Nordfaas-Caller-Issuer", "one", "two")
                    .add("nordfaas-caller-issuer", "three"))
            .build();

    assertThat(MessageHeaders.all(message, MessageHeaders.CALLER_ISSUER))
        .containsExactlyInAnyOrder("one", "two", "three");
    assertThat(MessageHeaders.all(message, MessageHeaders.CALLER_SUBJECT)).isEmpty();
  }
}
