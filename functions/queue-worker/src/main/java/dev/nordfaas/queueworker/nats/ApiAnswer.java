package dev.nordfaas.queueworker.nats;

import dev.nordfaas.jsoncheck.StrictJson;
import dev.nordfaas.queueworker.nats.PublishException.Reason;
import io.nats.client.Message;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * What JetStream answered to a publish.
 *
 * @param stream name of the stream; empty in an error
 * @param sequence the message's sequence; in a batch, that of the last
 * @param duplicate whether the message was there already
 * @param count messages of the batch; 0: no batch
 * @param errorCode JetStream's own number of the error; 0: none
 * @param description the error in words
 */
record ApiAnswer(
    String stream, long sequence, boolean duplicate, int count, int errorCode, String description) {
  /** Stands for an unknown error number. */
  static final int UNKNOWN_ERROR = -1;

  /** The stream does not accept atomic batches. */
  static final int ATOMIC_PUBLISH_DISABLED = 10174;

  private static final int WRONG_LAST_SEQUENCE = 10071;
  private static final int WRONG_LAST_SEQUENCE_IN_PROGRESS = 10164;
  private static final int DUPLICATE_IN_PROGRESS = 10158;
  private static final int INSUFFICIENT_RESOURCES = 10023;
  private static final int STORAGE_RESOURCES_EXCEEDED = 10047;
  private static final int MEMORY_RESOURCES_EXCEEDED = 10028;
  private static final int STREAM_MESSAGE_TOO_LARGE = 10054;
  private static final int STREAM_STORE_FAILED = 10077;

  static ApiAnswer of(Message message) {
    try {
      var json = StrictJson.MAPPER.readTree(message.getData());
      var error = json.path("error");
      if (error.isObject()) {
        return error(
            error.path("err_code").asInt(UNKNOWN_ERROR), error.path("description").asString(""));
      }
      return stored(json);
    } catch (JacksonException e) {
      return error(UNKNOWN_ERROR, "the answer is not JSON");
    }
  }

  private static ApiAnswer stored(JsonNode json) {
    var stream = json.path("stream").asString("");
    var sequence = json.path("seq").asLong(0);
    if (stream.isEmpty() || sequence <= 0) {
      return error(UNKNOWN_ERROR, "the answer is not a PubAck");
    }
    return new ApiAnswer(
        stream,
        sequence,
        json.path("duplicate").asBoolean(false),
        json.path("count").asInt(0),
        0,
        "");
  }

  private static ApiAnswer error(int code, String description) {
    return new ApiAnswer("", 0, false, 0, code == 0 ? UNKNOWN_ERROR : code, description);
  }

  boolean failed() {
    return errorCode != 0;
  }

  PublishException exception() {
    var reason =
        switch (errorCode) {
          case INSUFFICIENT_RESOURCES,
              STORAGE_RESOURCES_EXCEEDED,
              MEMORY_RESOURCES_EXCEEDED,
              STREAM_STORE_FAILED ->
              Reason.FULL;
          case STREAM_MESSAGE_TOO_LARGE -> Reason.TOO_LARGE;
          case WRONG_LAST_SEQUENCE -> Reason.EXISTS;
          case WRONG_LAST_SEQUENCE_IN_PROGRESS, DUPLICATE_IN_PROGRESS -> Reason.IN_PROGRESS;
          default -> Reason.REFUSED;
        };
    return new PublishException(reason, "%s (%d)".formatted(description, errorCode));
  }

  PubAck pubAck() {
    return new PubAck(stream, sequence, duplicate);
  }
}
