package dev.nordfaas.policy;

import dev.nordfaas.config.KeyPath;
import dev.nordfaas.config.Problems;
import dev.nordfaas.config.Rule;
import dev.nordfaas.config.StackConfig;

/** NATS refuses a consumer with more waits than deliveries. */
final class RetryRule implements Rule {

  @Override
  public void check(StackConfig config, Problems problems) {
    config
        .nats()
        .streams()
        .forEach(
            (streamName, stream) ->
                stream
                    .consumers()
                    .forEach(
                        (name, consumer) -> {
                          var path = KeyPath.of("nats", "streams", streamName, "consumers", name);
                          if (consumer.backoff().size() > consumer.maxDeliver()) {
                            problems.add(
                                path.key("backoff"),
                                "has %d waits for %d deliveries"
                                    .formatted(consumer.backoff().size(), consumer.maxDeliver()),
                                "remove waits or raise maxDeliver",
                                path.key("maxDeliver"));
                          }
                        }));
  }
}
