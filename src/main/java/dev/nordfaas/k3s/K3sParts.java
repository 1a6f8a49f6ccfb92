package dev.nordfaas.k3s;

import dev.nordfaas.config.K3sConfig;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What K3s deploys besides Kubernetes, and can leave out with {@code disable} (source: DisableItems
 * in pkg/cli/cmds, and the manifests of v1.34.4). It ignores other words, and splits each at
 * commas.
 */
public final class K3sParts {
  /** Resolves the names of services. */
  public static final String CORE_DNS = "coredns";

  /** The storage class {@code local-path}. */
  public static final String LOCAL_STORAGE = "local-storage";

  /** What autoscalers read. */
  public static final String METRICS_SERVER = "metrics-server";

  /** What nordfaas leaves out anyway. */
  static final String TRAEFIK = "traefik";

  private static final String DISABLE = "disable";

  /** All of them. */
  public static final List<String> ALL =
      List.of(CORE_DNS, LOCAL_STORAGE, METRICS_SERVER, "runtimes", "servicelb", TRAEFIK);

  private K3sParts() {}

  /** The words of {@code extraConfig.disable}, whether there is such a part or not. */
  public static Set<String> disabled(K3sConfig config) {
    return new TreeSet<>(
        config.extraConfig().getOrDefault(DISABLE, List.of()).stream()
            .flatMap(value -> Stream.of(value.split(",", -1)))
            .map(String::strip)
            .toList());
  }
}
