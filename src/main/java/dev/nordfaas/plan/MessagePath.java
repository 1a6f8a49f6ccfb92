package dev.nordfaas.plan;

import dev.nordfaas.config.FunctionConfig;
import dev.nordfaas.config.FunctionConfig.QueueTrigger;
import dev.nordfaas.config.NatsConfig.ConsumerConfig;
import dev.nordfaas.config.NatsConfig.StreamConfig;
import dev.nordfaas.config.QueueWorkerConfig.RouteConfig;
import dev.nordfaas.nats.NatsWorker;
import java.util.List;
import java.util.Optional;

/**
 * Where the messages of one route go.
 *
 * @param name name of intake's route
 * @param route the route; its subject has no wildcards
 * @param stream the stream that stores the subject; empty if there is none
 * @param readers the stream's consumers that take the subject
 */
public record MessagePath(
    String name, RouteConfig route, Optional<Stored> stream, List<Reader> readers) {
  public MessagePath {
    readers = List.copyOf(readers);
  }

  /** What the route publishes to. */
  public String subject() {
    return route.subject();
  }

  /** A stream of the config, by its name. */
  public record Stored(String name, StreamConfig config) {}

  /**
   * A consumer of a stream.
   *
   * @param stream the stream
   * @param durable name of the consumer
   * @param config the consumer
   * @param function whom its messages call; empty: nobody takes them
   */
  public record Reader(
      Stored stream, String durable, ConsumerConfig config, Optional<Called> function) {
    /** What it takes: its filters, or all subjects of its stream. */
    public List<String> filters() {
      return MessagePlan.filters(stream.config(), config);
    }

    NatsWorker consumer() {
      return new NatsWorker(stream.name(), durable);
    }
  }

  /** A function whose queue trigger names a consumer. */
  public record Called(String name, FunctionConfig config, QueueTrigger trigger) {}
}
