package dev.nordfaas.nats;

import dev.nordfaas.manifest.Labels;
import dev.nordfaas.manifest.ServiceAddress;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** Names, labels and ports of the NATS cluster. */
public final class Nats {
  /** Name of the Service that clients connect to, and of the StatefulSet. */
  public static final String NAME = "nats";

  /** Name of the Service that gives each server its own DNS name. */
  public static final String HEADLESS = "nats-headless";

  /** Name of the Secret with the passwords, each under the name of its role. */
  public static final String PASSWORDS = "nats-passwords";

  /** Name of the Secret that only the servers read: passwords and private key. */
  public static final String SERVER = "nats-server";

  /** Name of the ConfigMap and the Job that create streams and consumers. */
  public static final String STREAMS = "nats-streams";

  public static final Labels LABELS = new Labels(NAME, "queue");
  public static final Labels STREAMS_LABELS = new Labels(STREAMS, "queue");

  /** Marks pods of this namespace that an administrator works in, see tools/dead-letters. */
  public static final Labels ADMIN_LABELS = new Labels("nats-admin", "queue");

  /** TCP port for clients. */
  public static final int CLIENT_PORT = ServiceAddress.NATS.port();

  /** TCP port between the servers. */
  public static final int CLUSTER_PORT = 6222;

  /** TCP port of the monitoring endpoints, without TLS: for probes and Prometheus. */
  public static final int MONITOR_PORT = 8222;

  /** TCP port of the exporter, which exports the monitoring endpoints to Prometheus. */
  public static final int EXPORTER_PORT = 7777;

  /** What clients inside the cluster connect to. */
  public static final String URL = "nats://" + ServiceAddress.NATS.hostPort();

  /** Variable of {@code nats.conf} with the password between the servers. */
  static final String CLUSTER_PASSWORD = "NATS_CLUSTER_PASSWORD";

  /** Variable of {@code nats.conf} with the servers' addresses and password. */
  static final String CLUSTER_ROUTES = "NATS_CLUSTER_ROUTES";

  private Nats() {}

  /** The name of each server, which is that of its pod. */
  static List<String> servers(int replicas) {
    return IntStream.range(0, replicas).mapToObj(ordinal -> NAME + "-" + ordinal).toList();
  }

  /** Variable of {@code nats.conf} with the password of one role. */
  static String passwordVariable(String role) {
    return "NATS_PASSWORD_" + role.toUpperCase(Locale.ROOT).replace('-', '_');
  }
}
