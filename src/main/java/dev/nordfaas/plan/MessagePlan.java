package dev.nordfaas.plan;

import dev.nordfaas.config.FunctionConfig.QueueTrigger;
import dev.nordfaas.config.NatsConfig.ConsumerConfig;
import dev.nordfaas.config.NatsConfig.StreamConfig;
import dev.nordfaas.config.QueueWorkerConfig.RouteConfig;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.nats.NatsWorker;
import dev.nordfaas.nats.Subjects;
import dev.nordfaas.plan.MessagePath.Called;
import dev.nordfaas.plan.MessagePath.Reader;
import dev.nordfaas.plan.MessagePath.Stored;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Who publishes, stores and reads which messages. Only intake publishes to streams, and only the
 * workers of functions take messages out of them: whether a message is read follows from the config
 * alone.
 *
 * @param paths where each route's messages go, sorted by route
 * @param readers every consumer of every stream
 * @param workers the consumer that each function with a queue trigger takes from, even if there is
 *     no such consumer
 */
public record MessagePlan(
    List<MessagePath> paths, List<Reader> readers, SortedMap<String, NatsWorker> workers) {
  public MessagePlan {
    paths = List.copyOf(paths);
    readers = List.copyOf(readers);
    workers = Collections.unmodifiableSortedMap(new TreeMap<>(workers));
  }

  static MessagePlan of(StackConfig config) {
    var readers = readers(config);
    var paths = new ArrayList<MessagePath>();
    config
        .queueWorker()
        .intake()
        .routes()
        .forEach((name, route) -> paths.add(path(name, route, config.nats().streams(), readers)));
    return new MessagePlan(paths, readers, workers(config));
  }

  /** The subjects that intake publishes to, sorted. */
  public List<String> subjects() {
    return paths.stream().map(MessagePath::subject).distinct().sorted().toList();
  }

  /** The routes whose messages a stream stores. */
  public List<MessagePath> into(String stream) {
    return paths.stream()
        .filter(path -> path.stream().filter(stored -> stored.name().equals(stream)).isPresent())
        .toList();
  }

  /** The consumers that no function's queue trigger names. */
  public List<Reader> unread() {
    return readers.stream().filter(reader -> reader.function().isEmpty()).toList();
  }

  /** What a consumer takes: its filters, or all subjects of its stream. */
  public static List<String> filters(StreamConfig stream, ConsumerConfig consumer) {
    return consumer.filterSubjects().isEmpty() ? stream.subjects() : consumer.filterSubjects();
  }

  private static MessagePath path(
      String name, RouteConfig route, Map<String, StreamConfig> streams, List<Reader> readers) {
    var stored =
        streams.entrySet().stream()
            .filter(stream -> takes(stream.getValue().subjects(), route.subject()))
            .map(stream -> new Stored(stream.getKey(), stream.getValue()))
            .findFirst();
    return new MessagePath(
        name,
        route,
        stored,
        readers.stream()
            .filter(reader -> stored.filter(reader.stream()::equals).isPresent())
            .filter(reader -> takes(reader.filters(), route.subject()))
            .toList());
  }

  private static boolean takes(List<String> filters, String subject) {
    return filters.stream().anyMatch(filter -> Subjects.covers(filter, subject));
  }

  private static List<Reader> readers(StackConfig config) {
    var readers = new ArrayList<Reader>();
    config
        .nats()
        .streams()
        .forEach(
            (name, stream) ->
                stream
                    .consumers()
                    .forEach(
                        (durable, consumer) ->
                            readers.add(
                                new Reader(
                                    new Stored(name, stream),
                                    durable,
                                    consumer,
                                    called(new NatsWorker(name, durable), config)))));
    return readers;
  }

  private static Optional<Called> called(NatsWorker consumer, StackConfig config) {
    return config.functions().entrySet().stream()
        .flatMap(
            function ->
                function.getValue().queue().stream()
                    .filter(queue -> consumerOf(queue).equals(consumer))
                    .map(queue -> new Called(function.getKey(), function.getValue(), queue)))
        .findFirst();
  }

  private static NatsWorker consumerOf(QueueTrigger queue) {
    return new NatsWorker(queue.stream(), queue.durable());
  }

  private static SortedMap<String, NatsWorker> workers(StackConfig config) {
    var workers = new TreeMap<String, NatsWorker>();
    config
        .functions()
        .forEach(
            (name, function) ->
                function.queue().ifPresent(queue -> workers.put(name, consumerOf(queue))));
    return workers;
  }
}
