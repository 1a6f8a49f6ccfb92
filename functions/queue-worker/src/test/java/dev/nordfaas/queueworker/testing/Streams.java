package dev.nordfaas.queueworker.testing;

import dev.nordfaas.jsoncheck.StrictJson;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.PullSubscribeOptions;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.StreamInfo;
import io.nats.client.impl.Headers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import tools.jackson.databind.node.ObjectNode;

/** The streams and the consumer that the program declares for Oslo, made anew, as the admin. */
public final class Streams implements AutoCloseable {
  public static final String ORDERS = "orders";
  public static final String DEAD_LETTERS = "orders-dlq";
  public static final String STATUS = "nordfaas-status";
  public static final String KEYS = "nordfaas-keys";
  public static final String DURABLE = "order-processor";
  public static final String OTHER_DURABLE = "mailer";
  public static final String SUBJECT = "orders.created";

  private final Connection connection;

  private Streams(Connection connection) {
    this.connection = connection;
  }

  /** Those that are there. */
  public static Streams of(NatsServer server) {
    return new Streams(server.connect(NatsServer.ADMIN));
  }

  /** Makes them as they are declared. */
  public static Streams create(NatsServer server) {
    return create(server, stream -> {}, consumer -> {});
  }

  /** Makes them with another config of the stream {@code orders} or its consumer. */
  public static Streams create(
      NatsServer server, Consumer<ObjectNode> stream, Consumer<ObjectNode> consumer) {
    var streams = new Streams(server.connect(NatsServer.ADMIN));
    streams.make(ORDERS, stream);
    streams.make(DEAD_LETTERS, any -> {});
    streams.make(STATUS, any -> {});
    streams.make(KEYS, any -> {});
    streams.makeConsumer(DURABLE, consumer);
    return streams;
  }

  /** Makes them with two consumers of all orders, which no work queue can have. */
  public static Streams createForTwo(NatsServer server, String retention) {
    var streams = create(server, stream -> stream.put("retention", retention), consumer -> {});
    streams.makeConsumer(OTHER_DURABLE, consumer -> {});
    return streams;
  }

  /** Makes a consumer like the declared one, with another name and changes. */
  public void makeConsumer(String durable, Consumer<ObjectNode> change) {
    var config = declared("consumer.%s.%s.json".formatted(ORDERS, DURABLE));
    config.put("name", durable).put("durable_name", durable);
    change.accept(config);
    request(
        "CONSUMER.DURABLE.CREATE.%s.%s".formatted(ORDERS, durable),
        Map.of("stream_name", ORDERS, "config", config));
  }

  /** Makes one stream anew, with changes. */
  public void make(String name, Consumer<ObjectNode> change) {
    var config = declared("stream.%s.json".formatted(name));
    // What is reserved for Oslo is more than the disk of a laptop.
    config.put("max_bytes", Math.min(config.path("max_bytes").asLong(), 256L << 20));
    change.accept(config);
    try {
      connection.jetStreamManagement().deleteStream(name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (JetStreamApiException e) {
      // There was none.
    }
    request("STREAM.CREATE." + name, config);
  }

  /** Deletes one stream with all messages. */
  public void delete(String name) {
    call(() -> connection.jetStreamManagement().deleteStream(name));
  }

  /** The body of the first message of {@code orders}. */
  public String first() {
    return new String(
        call(() -> connection.jetStreamManagement().getFirstMessage(ORDERS, SUBJECT)).getData(),
        StandardCharsets.UTF_8);
  }

  /** How long after a delivery without an ack the consumer delivers again. */
  public static Consumer<ObjectNode> ackWait(Duration wait) {
    return consumer -> consumer.put("ack_wait", wait.toNanos());
  }

  public Connection connection() {
    return connection;
  }

  public StreamInfo info(String stream) {
    return call(() -> connection.jetStreamManagement().getStreamInfo(stream));
  }

  public ConsumerInfo consumer() {
    return consumer(DURABLE);
  }

  public ConsumerInfo consumer(String durable) {
    return call(() -> connection.jetStreamManagement().getConsumerInfo(ORDERS, durable));
  }

  /** Whether the consumer has nothing more to do. */
  public boolean done(String durable) {
    var info = consumer(durable);
    return info.getNumPending() == 0 && info.getNumAckPending() == 0;
  }

  /** Messages that the stream holds. */
  public long count(String stream) {
    return info(stream).getStreamState().getMsgCount();
  }

  /** Everything that the dead-letter stream holds, oldest first. */
  public List<Headers> deadLetters() {
    return deadLetterMessages().stream().map(MessageInfo::getHeaders).toList();
  }

  /** The same, with everything that the server tells. */
  public List<MessageInfo> deadLetterMessages() {
    return call(
        () -> {
          var found = new ArrayList<MessageInfo>();
          var left = count(DEAD_LETTERS);
          for (var sequence = 1L; found.size() < left; ) {
            var next = connection.jetStreamManagement().getNextMessage(DEAD_LETTERS, sequence, ">");
            found.add(next);
            sequence = next.getSeq() + 1;
          }
          return found;
        });
  }

  /** Publishes as the admin. */
  public void publish(String id, String body) {
    publish(id, body, "Content-Type", "application/json");
  }

  /** The same, with a header. */
  public void publish(String id, String body, String header, String value) {
    publish(id, body, new Headers().put(header, value));
  }

  /** The same, with several. */
  public void publish(String id, String body, Headers headers) {
    headers.put("Nats-Msg-Id", id);
    call(
        () ->
            connection
                .jetStream()
                .publish(SUBJECT, headers, body.getBytes(StandardCharsets.UTF_8)));
  }

  /** The message of the stream that has this sequence. */
  public MessageInfo stored(long sequence) {
    return call(() -> connection.jetStreamManagement().getMessage(ORDERS, sequence));
  }

  /** Deletes a consumer, as an operator might. */
  public void deleteConsumer(String durable) {
    call(() -> connection.jetStreamManagement().deleteConsumer(ORDERS, durable));
  }

  /** Takes messages as a worker would. */
  public JetStreamSubscription pull() {
    return call(
        () ->
            connection.jetStream().subscribe(null, PullSubscribeOptions.fastBind(ORDERS, DURABLE)));
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private ObjectNode declared(String file) {
    var path = NatsServer.ROOT.resolve("src/test/resources/golden/nats/oslo/plan/" + file);
    try {
      return (ObjectNode) StrictJson.MAPPER.readTree(Files.readString(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void request(String api, Object body) {
    Message answer =
        call(
            () ->
                connection.request(
                    "$JS.API." + api,
                    StrictJson.MAPPER.writeValueAsBytes(body),
                    Duration.ofSeconds(5)));
    var text = new String(answer.getData(), StandardCharsets.UTF_8);
    if (text.contains("\"error\"")) {
      throw new IllegalStateException(text);
    }
  }

  private static <T> T call(Call<T> call) {
    try {
      return call.run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (JetStreamApiException | ExecutionException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private interface Call<T> {
    T run() throws IOException, JetStreamApiException, ExecutionException, InterruptedException;
  }
}
