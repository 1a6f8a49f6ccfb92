package dev.nordfaas;

import dev.nordfaas.config.FunctionConfig.QueueTrigger;
import dev.nordfaas.config.NatsConfig.ConsumerConfig;
import dev.nordfaas.config.NodeConfig;
import dev.nordfaas.config.QueueWorkerConfig.RouteConfig;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.nats.NatsWorker;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;

/** What one component has to know of another, taken from the config. */
record Wiring(StackConfig config) {
  /** The role, and the workload, that publishes what clients POST. */
  static final String INTAKE = "intake";

  /**
   * Client, cluster and monitoring port of NATS, PostgreSQL, gateway and functions. They are pod
   * ports; reserving them keeps them free for whoever forwards one to the host.
   */
  private static final List<Integer> POD_PORTS = List.of(4222, 5432, 6222, 8080, 8222);

  boolean hasIntake() {
    return !config.queueWorker().intake().routes().isEmpty();
  }

  /** Ports that an outgoing connection of the host must not take. */
  List<Integer> reservedPorts() {
    var ports = new TreeSet<>(POD_PORTS);
    ports.add(config.postgres().pooler().port());
    return List.copyOf(ports);
  }

  List<String> peersOf(String node) {
    return config.nodes().entrySet().stream()
        .filter(other -> !other.getKey().equals(node))
        .map(Map.Entry::getValue)
        .map(NodeConfig::clusterAddress)
        .toList();
  }

  List<String> intakeSubjects() {
    return config.queueWorker().intake().routes().values().stream()
        .map(RouteConfig::subject)
        .distinct()
        .sorted()
        .toList();
  }

  /** The consumer of each function with a queue trigger. */
  Map<String, NatsWorker> workers() {
    var workers = new TreeMap<String, NatsWorker>();
    config
        .functions()
        .forEach(
            (name, function) ->
                function
                    .queue()
                    .ifPresent(
                        queue ->
                            workers.put(name, new NatsWorker(queue.stream(), queue.durable()))));
    return workers;
  }

  /** The consumer that a queue trigger names; a rule has seen to it that there is one. */
  ConsumerConfig consumer(QueueTrigger trigger) {
    var stream = Objects.requireNonNull(config.nats().streams().get(trigger.stream()));
    return Objects.requireNonNull(stream.consumers().get(trigger.durable()));
  }

  /** The database of each function that has one. */
  Map<String, String> databaseRoles() {
    var roles = new TreeMap<String, String>();
    config
        .functions()
        .forEach(
            (name, function) ->
                function.database().ifPresent(database -> roles.put(name, database.name())));
    return roles;
  }
}
