package dev.nordfaas.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The stack config: everything that differs from one datacenter to another. Each component is one
 * top-level key {@code nordfaas:<name>} of {@code Pulumi.<stack>.yaml}.
 *
 * <p>Once it is loaded, {@code functions} has those of files too, and {@code functionFiles} is
 * empty: what a stack consists of does not depend on where it is written.
 */
public record StackConfig(
    @Key("The datacenter: where it is and what it is for.") DatacenterConfig datacenter,
    @Key(value = "How Pulumi reaches the nodes over SSH.", defaultValue = "{}") SshConfig ssh,
    @Key("The operating system of every node: users, firewall, sysctls, time.") HostConfig host,
    @Key(
            value = "The VPSes by name. A name becomes the host name and the Kubernetes node name.",
            keyPattern = Patterns.DNS_LABEL,
            keyHint = Patterns.DNS_LABEL_HINT,
            notEmpty = true)
        Map<String, NodeConfig> nodes,
    @Key("The Kubernetes cluster.") K3sConfig k3s,
    @Key("The queue: NATS with JetStream, its streams and consumers.") NatsConfig nats,
    @Key("The database: PostgreSQL behind PgBouncer.") PostgresConfig postgres,
    @Key("OpenFaaS: edition, gateway and provider; or none of it.") OpenFaasConfig openfaas,
    @Key("The edge: TLS and routing in front of functions and intake.") EdgeConfig edge,
    @Key("The asynchronous path: intake (HTTP to JetStream) and worker (JetStream to function).")
        QueueWorkerConfig queueWorker,
    @Key(
            value =
                "Files with functions by name, whose keys are those below nordfaas:functions; relative to the folder of Pulumi.yaml. In a path, * stands for any part of a name, ? for one character, and ** for folders, or none. No secrets there.",
            defaultValue = "[]",
            pattern = Patterns.FUNCTION_FILE,
            hint = Patterns.FUNCTION_FILE_HINT,
            example = "[functions/*.yaml]")
        List<String> functionFiles,
    @Key(
            value = "The functions by name.",
            defaultValue = "{}",
            keyPattern = Patterns.FUNCTION,
            keyHint = Patterns.FUNCTION_HINT)
        Map<String, FunctionConfig> functions) {
  /** The namespace of the keys: the name of the Pulumi project. */
  public static final String NAMESPACE = "nordfaas";

  /** The nodes of the control plane, sorted by name. */
  public Map<String, NodeConfig> servers() {
    var servers = new LinkedHashMap<>(nodes);
    servers.values().removeIf(node -> node.role() != NodeConfig.Role.SERVER);
    return servers;
  }

  /**
   * The nodes that the edge runs on by name, in the order of {@code edge.nodes}; without those the
   * only node. Names of nodes that there are not are left out.
   */
  public Map<String, NodeConfig> edgeNodes() {
    if (edge.nodes().isEmpty()) {
      return nodes.size() == 1 ? nodes : Map.of();
    }
    var edges = new LinkedHashMap<String, NodeConfig>();
    edge.nodes()
        .forEach(name -> Optional.ofNullable(nodes.get(name)).ifPresent(it -> edges.put(name, it)));
    return edges;
  }
}
