package dev.nordfaas.policy;

import static dev.nordfaas.config.check.RuleCheck.problems;
import static dev.nordfaas.config.check.RuleCheck.warnings;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a stream or consumer may be, and what is said aloud about it. */
class StreamRulesTest {
  private static final String ORDERS = "nordfaas:nats.streams.orders.";
  private static final String CONSUMER = ORDERS + "consumers.order-processor.";
  private static final String QUEUE = "nordfaas:functions.order-processor.queue.";

  @Nested
  class Bounds {
    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "duplicateWindow: 0s | duplicateWindow: 0s means two minutes to NATS; use 100ms or more, at least as long as clients retry",
          "duplicateWindow: 50ms | duplicateWindow: 50ms is below the 100ms that NATS requires; use 100ms or more, at least as long as clients retry",
          "maxMsgSize: 32Mi | maxMsgSize: 32Mi is above 31Mi: NATS stores nothing above 32Mi, headers of a dead letter included; lower it, and keep what is larger in an object store",
          "maxMsgSize: 64Mi | maxMsgSize: 64Mi is above 31Mi: NATS stores nothing above 32Mi, headers of a dead letter included; lower it, and keep what is larger in an object store",
          "maxBytes: 1Mi | maxBytes: 1Mi has no room for one message of maxMsgSize 1Mi; raise it or lower maxMsgSize"
        })
    void refuses(String setting, String message) {
      assertThat(problems(new JetStreamLimitsRule(), "set: {%s%s}".formatted(ORDERS, setting)))
          .containsExactly("nats.streams.orders." + message);
    }

    @Test
    void refusesNoLimitOfASingleMessage() {
      assertThat(problems(new JetStreamLimitsRule(), "set: {%smaxMsgSize: 0Ki}".formatted(ORDERS)))
          .contains("nats.streams.orders.maxMsgSize: 0Ki means no limit to NATS; use 1Ki or more");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"duplicateWindow: 100ms", "maxMsgSize: 31Mi", "maxAge: 0s", "maxBytes: 2Mi"})
    void allows(String setting) {
      assertThat(problems(new JetStreamLimitsRule(), "set: {%s%s}".formatted(ORDERS, setting)))
          .isEmpty();
    }

    @Test
    void refusesBodiesThatLeaveNoRoomForTheirCaller() {
      assertThat(problems(new JetStreamLimitsRule(), body("1017Ki", "{issuer: maskinporten}")))
          .containsExactly(
              "queueWorker.intake.routes.orders.maxBodySize: 1017Ki leaves less than 8Ki of maxMsgSize 1Mi of stream orders, where intake also stores who is calling; lower it or raise maxMsgSize");
    }

    @ParameterizedTest
    @CsvSource({"1016Ki, {issuer: maskinporten}", "1Mi, {public: true}"})
    void allowsBodiesThatFitWithTheirCaller(String size, String auth) {
      assertThat(problems(new JetStreamLimitsRule(), body(size, auth))).isEmpty();
    }

    private static String body(String size, String auth) {
      return "set: {nordfaas:queueWorker.intake.routes.orders.maxBodySize: %s, nordfaas:queueWorker.intake.routes.orders.auth: %s}"
          .formatted(size, auth);
    }

    @Test
    void refusesAnAckWaitThatNatsReplaces() {
      assertThat(
              problems(
                  new JetStreamLimitsRule(),
                  "set: {%sconsumers.audit: {ackWait: 0s}}".formatted(ORDERS)))
          .containsExactly(
              "nats.streams.orders.consumers.audit.ackWait: 0s means 30s to NATS; use 1s or more");
    }

    @Test
    void refusesFiltersThatCoverEachOther() {
      assertThat(
              problems(
                  new SubjectRule(),
                  "set: {%sfilterSubjects: [orders.created, orders.*]}".formatted(CONSUMER)))
          .containsExactly(
              "nats.streams.orders.consumers.order-processor.filterSubjects[1]: \"orders.*\" overlaps \"orders.created\" of the same consumer, which NATS refuses; keep the wider one");
    }

    @Test
    void refusesNamesThatTheJobTakesForItsOwn() {
      assertThat(
              problems(
                  new ReservedStreamRule(),
                  "set: {'nordfaas:nats.streams.nordfaas-mail': {subjects: [mail.>]}}"))
          .containsExactly(
              "nats.streams.nordfaas-mail: the prefix nordfaas- is reserved for nordfaas' own streams; choose another name");
    }

    @Test
    void refusesNamesThatTheNatsCommandTakesForOptions() {
      assertThat(
              problems(
                  new ReservedStreamRule(),
                  "set: {'nordfaas:nats.streams.-x': {subjects: [mail.>]}}"))
          .containsExactly(
              "nats.streams.-x: the name \"-x\" is not valid; use letters, digits, '_' and, except at the beginning, '-', at most 64 characters, such as order-processor");
    }
  }

  @Nested
  class Attempts {
    @Test
    void mayTakeAWeek() {
      assertThat(problems(new AttemptsRule(), "{}")).isEmpty();
      assertThat(
              problems(
                  new AttemptsRule(),
                  "set: {%smaxAge: 0s, %sbackoff: [7d]}".formatted(ORDERS, CONSUMER)))
          .isEmpty();
    }

    @Test
    void endBeforeTheMessageIsDeleted() {
      assertThat(problems(new AttemptsRule(), "set: {%smaxAge: 5m}".formatted(ORDERS)))
          .containsExactly(
              "nats.streams.orders.maxAge: 5m is not above the 306s that 5 attempts of function order-processor may take, calls 150s and backoff 156s: a message that fails would be deleted instead of becoming a dead letter; raise it, or lower maxDeliver, backoff or the function's timeout");
    }

    @Test
    void endBeforeTheMessageIsDeletedWithLongDelays() {
      assertThat(problems(new AttemptsRule(), "set: {%sbackoff: [2d]}".formatted(CONSUMER)))
          .containsExactly(
              "nats.streams.orders.maxAge: 168h is not above the 691350s that 5 attempts of function order-processor may take, calls 150s and backoff 192h: a message that fails would be deleted instead of becoming a dead letter; raise it, or lower maxDeliver, backoff or the function's timeout");
    }

    @Test
    void goOnElsewhereBeforeTheMessageIsDeleted() {
      assertThat(problems(new AttemptsRule(), "set: {%sackWait: 8d}".formatted(CONSUMER)))
          .containsExactly(
              "nats.streams.orders.consumers.order-processor.ackWait: 192h is not below maxAge 168h: what a worker has in progress when it dies would be deleted before another gets it; lower it or raise maxAge");
    }

    @Test
    void areNotUsedUpAtOnce() {
      assertThat(problems(new AttemptsRule(), "set: {%sbackoff: [1s, 0s]}".formatted(CONSUMER)))
          .containsExactly(
              "nats.streams.orders.consumers.order-processor.backoff[1]: 0s, repeated, uses up 4 attempts within milliseconds; use 1s or more as the last delay");
    }

    @Test
    void mayBeginWithOneAtOnce() {
      assertThat(problems(new AttemptsRule(), "set: {%sbackoff: [0s, 1s]}".formatted(CONSUMER)))
          .isEmpty();
    }

    @Test
    void letEveryWorkerWork() {
      assertThat(problems(new AttemptsRule(), "set: {%smaxAckPending: 63}".formatted(CONSUMER)))
          .containsExactly(
              "nats.streams.orders.consumers.order-processor.maxAckPending: 63 is below the 64 calls that the workers of function order-processor may have in flight, 4 pods × concurrency 16, so some would idle; raise it, with room for what waits for another attempt, or lower concurrency or scale.max of the queue");
      assertThat(problems(new AttemptsRule(), "set: {%smaxAckPending: 64}".formatted(CONSUMER)))
          .isEmpty();
    }

    @Test
    void letEveryWorkerPull() {
      assertThat(
              problems(
                  new AttemptsRule(),
                  "set: {%sscale.max: 513, %sconcurrency: 1}".formatted(QUEUE, QUEUE)))
          .containsExactly(
              "functions.order-processor.queue.scale.max: 513 worker pods are more than the 512 that may wait for messages of one consumer; lower it and raise concurrency");
    }
  }

  @Nested
  class SaidAloud {
    @ParameterizedTest
    @CsvSource({
      "workqueue, until it is acked",
      "interest, until every consumer has acked it",
    })
    void thatThereIsNoAge(String retention, String until) {
      assertThat(
              warnings(
                  new RetentionRule(),
                  "set: {%smaxAge: 0s, %sretention: %s}".formatted(ORDERS, ORDERS, retention)))
          .containsExactly(
              "nats.streams.orders.maxAge: 0s keeps each message %s, however old it is; set an age such as 7d unless this is intended"
                  .formatted(until));
    }

    @Test
    void thatNothingRemovesAMessage() {
      assertThat(
              warnings(
                  new RetentionRule(),
                  "set: {%smaxAge: 0s, %sretention: limits}".formatted(ORDERS, ORDERS)))
          .containsExactly(
              "nats.streams.orders.discard: new, with retention limits and maxAge 0s: nothing removes a message, so the stream fills up, and then every request is refused with 503; set maxAge, or use discard old",
              "nats.streams.orders.maxAge: 0s keeps each message until the stream is full, however old it is; set an age such as 7d unless this is intended");
    }

    @Test
    void thatTheOldestIsDeleted() {
      assertThat(warnings(new RetentionRule(), "set: {%sdiscard: old}".formatted(ORDERS)))
          .containsExactly(
              "nats.streams.orders.discard: old deletes the oldest message at a limit, although it was answered with 202, and even if nobody has processed it; use new, so that a full stream refuses requests with 503 instead");
    }

    @Test
    void thatARestartDeletesThem() {
      assertThat(
              warnings(
                  new RetentionRule(),
                  "set: {%sstorage: memory, %smaxBytes: 256Mi}".formatted(ORDERS, ORDERS)))
          .containsExactly(
              "nats.streams.orders.storage: memory: every restart of NATS deletes the messages, although they were answered with 202; use file for what must not be lost");
    }

    @Test
    void thatAPowerCutDeletesThem() {
      assertThat(
              warnings(
                  new RetentionRule(),
                  "set: {nordfaas:nats.replicas: 3, %sstorage: memory, %smaxBytes: 256Mi}"
                      .formatted(ORDERS, ORDERS)))
          .containsExactly(
              "nats.streams.orders.storage: memory: the messages are deleted when most of the 3 servers with a copy stop at once, as in a power cut, although they were answered with 202; use file for what must not be lost");
    }

    @Test
    void nothingAboutAStreamThatNoRoutePublishesTo() {
      assertThat(
              warnings(
                  new RetentionRule(),
                  "set: {'nordfaas:nats.streams.cache': {subjects: [cache.>], storage: memory, discard: old, maxBytes: 16Mi}}"))
          .isEmpty();
    }
  }

  @Nested
  class Memory {
    @Test
    void isHalfOfWhatNatsHas() {
      assertThat(
              problems(
                  new RetentionRule(),
                  "set: {%sstorage: memory, %smaxBytes: 513Mi}".formatted(ORDERS, ORDERS)))
          .containsExactly(
              "nats.resources.limits.memory: streams in memory, 513Mi in all, exceed half of 1Gi: NATS needs the rest; raise it, or lower the streams' maxBytes or use storage file");
    }

    /** The volume is too small for the stream, and large enough for its dead letters. */
    @Test
    void isNotTheVolume() {
      assertThat(
              problems(
                  new StorageRule(),
                  "set: {nordfaas:nats.storage.size: 1Gi, %sstorage: memory, %smaxBytes: 4Gi}"
                      .formatted(ORDERS, ORDERS)))
          .isEmpty();
    }
  }
}
