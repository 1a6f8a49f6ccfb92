package dev.nordfaas.policy;

import dev.nordfaas.config.FunctionConfig.QueueTrigger;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.plan.Plan;
import java.util.HashMap;

/** What a function refers to by name exists, and belongs to no other function. */
final class ReferenceRule implements Rule {

  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    var takers = new HashMap<QueueConsumer, String>();
    config
        .functions()
        .forEach(
            (name, function) -> {
              var path = KeyPath.of("functions", name);
              function
                  .database()
                  .ifPresent(
                      database ->
                          References.exists(
                              "database",
                              database.name(),
                              path.key("database").key("name"),
                              config.postgres().databases().keySet(),
                              KeyPath.of("postgres", "databases"),
                              problems));
              function
                  .queue()
                  .filter(queue -> checkQueue(queue, path.key("queue"), config, problems))
                  .map(queue -> new QueueConsumer(queue.stream(), queue.durable()))
                  .map(consumer -> takers.putIfAbsent(consumer, name))
                  .ifPresent(
                      taker ->
                          problems.add(
                              path.key("queue").key("durable"),
                              "function %s already uses this consumer".formatted(taker),
                              "give each function its own consumer",
                              KeyPath.of("functions", taker, "queue")));
            });
  }

  private record QueueConsumer(String stream, String durable) {}

  private static boolean checkQueue(
      QueueTrigger queue, KeyPath path, StackConfig config, Problems problems) {
    var streams = config.nats().streams();
    var streamsPath = KeyPath.of("nats", "streams");
    var stream = streams.get(queue.stream());
    if (stream == null) {
      References.exists(
          "stream", queue.stream(), path.key("stream"), streams.keySet(), streamsPath, problems);
      return false;
    }
    return References.exists(
        "consumer",
        queue.durable(),
        path.key("durable"),
        stream.consumers().keySet(),
        streamsPath.key(queue.stream()).key("consumers"),
        problems);
  }
}
