package dev.nordfaas.plan;

import dev.nordfaas.config.StackConfig;
import dev.nordfaas.function.Workload;
import java.util.List;
import java.util.TreeMap;

/**
 * The connections that the pods of one function open to PgBouncer.
 *
 * @param function its name
 * @param database the database that they are for
 * @param replicas the most replicas that it is scaled to
 * @param poolSize connections of one replica
 */
public record DatabaseClients(String function, String database, int replicas, int poolSize) {

  /** Those of each function with a database, by name. */
  static List<DatabaseClients> of(StackConfig config) {
    return new TreeMap<>(config.functions())
        .entrySet().stream()
            .flatMap(
                function ->
                    function.getValue().database().stream()
                        .map(
                            access ->
                                new DatabaseClients(
                                    function.getKey(),
                                    access.name(),
                                    function.getValue().scale().max(),
                                    access.poolSize())))
            .toList();
  }

  /** The most connections there are at once, which is during a rollout. */
  public long connections() {
    return (long) (replicas + Workload.SURGE) * poolSize;
  }

  /** The calculation of {@link #connections()}, such as {@code (4 + 1) × 10}. */
  public String product() {
    return "(%d + %d) × %d".formatted(replicas, Workload.SURGE, poolSize);
  }
}
