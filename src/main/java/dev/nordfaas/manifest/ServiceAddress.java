package dev.nordfaas.manifest;

import java.util.Map;

/**
 * A Service that pods of other components connect to.
 *
 * @param namespace its namespace
 * @param name its name, and the value of {@link Labels#NAME} on the pods behind it
 * @param port the TCP port of the Service and of the pods
 */
public record ServiceAddress(String namespace, String name, int port) {
  /** The OpenFaaS gateway. Its name and port are what OpenFaaS' own tools expect. */
  public static final ServiceAddress GATEWAY =
      new ServiceAddress(Namespaces.OPENFAAS, "gateway", 8080);

  /** The edge: TLS and routing in front of gateway and intake. */
  public static final ServiceAddress EDGE = new ServiceAddress(Namespaces.EDGE, "edge", 8443);

  /** Prometheus: the address that OpenFaaS' gateway uses by default. */
  public static final ServiceAddress PROMETHEUS =
      new ServiceAddress(Namespaces.OPENFAAS, "prometheus", 9090);

  /** The intake: HTTP to JetStream. */
  public static final ServiceAddress INTAKE =
      new ServiceAddress(Namespaces.FUNCTIONS, "intake", 8080);

  /** NATS, for clients. */
  public static final ServiceAddress NATS = new ServiceAddress(Namespaces.NATS, "nats", 4222);

  /** The headless Service through which Prometheus finds each pod of the intake. */
  public static final String INTAKE_METRICS = "intake-metrics";

  /**
   * The TCP port that every function listens on: OpenFaaS' provider uses no other (faas-netes,
   * {@code k8s/proxy.go}).
   */
  public static final int FUNCTION_PORT = 8080;

  /**
   * What follows a function's name in that of the headless Service with a record for each of its
   * ready pods.
   */
  public static final String PODS_ENDING = "-pods";

  /** A function. */
  public static ServiceAddress function(String name) {
    return new ServiceAddress(Namespaces.FUNCTIONS, name, FUNCTION_PORT);
  }

  /** The DNS name and port, as {@code host:port}. */
  public String hostPort() {
    return "%s:%d".formatted(host(), port);
  }

  /** The DNS name. */
  public String host() {
    return "%s.%s.svc.cluster.local".formatted(name, namespace);
  }

  /** The address as a URL without path. */
  public String url() {
    return "http://" + hostPort();
  }

  /** The pods behind the Service, for network policies. */
  public NetworkPeer pods() {
    return NetworkPolicies.pods(namespace, Map.of(Labels.NAME, name));
  }
}
