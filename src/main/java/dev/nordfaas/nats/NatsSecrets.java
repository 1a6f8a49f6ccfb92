package dev.nordfaas.nats;

import dev.nordfaas.manifest.Namespaces;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What the Secret holds: the values of the variables that {@code nats.conf} refers to. */
public final class NatsSecrets {
  private NatsSecrets() {}

  /** The passwords of the roles. */
  public static SortedMap<String, String> of(Map<String, String> passwords) {
    var values = new TreeMap<String, String>();
    passwords.forEach((role, password) -> values.put(Nats.passwordVariable(role), password));
    return values;
  }

  /** The passwords of the roles, and the addresses of the servers with their password. */
  public static SortedMap<String, String> ofCluster(
      Map<String, String> passwords, String clusterPassword, int replicas) {
    var values = of(passwords);
    values.put(Nats.CLUSTER_PASSWORD, clusterPassword);
    values.put(Nats.CLUSTER_ROUTES, routes(clusterPassword, replicas));
    return values;
  }

  /** An array in the syntax of {@code nats.conf}: a route's password has no place but its URL. */
  private static String routes(String password, int replicas) {
    return IntStream.range(0, replicas)
        .mapToObj(
            ordinal ->
                "\"nats://%s:%s@%s-%d.%s.%s.svc.cluster.local:%d\""
                    .formatted(
                        NatsUser.CLUSTER,
                        password,
                        Nats.NAME,
                        ordinal,
                        Nats.HEADLESS,
                        Namespaces.NATS,
                        Nats.CLUSTER_PORT))
        .collect(Collectors.joining(", ", "[", "]"));
  }
}
