package dev.nordfaas.policy;

import dev.nordfaas.config.K3sConfig;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.check.Suggestion;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.k3s.K3sParts;
import dev.nordfaas.plan.Plan;
import dev.nordfaas.plan.Pods;
import dev.nordfaas.plan.Volume;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Additional keys of K3s that are harmless elsewhere do not take away what this stack stands on:
 * its volumes, its autoscalers, its other servers. What no stack can do without is in {@code
 * K3sKeys}.
 */
final class ExtraConfigRule implements Rule {
  private static final KeyPath EXTRA = KeyPath.of("k3s", "extraConfig");
  private static final KeyPath NODES = KeyPath.of("nodes");
  private static final KeyPath SERVICE_CIDR = KeyPath.of("k3s", "serviceCidr");
  private static final String DISABLE = "disable";
  private static final String REMOVE_IT = "remove it";

  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    K3sParts.disabled(config.k3s()).forEach(part -> checkPart(part, plan, problems));
    checkBalancer(config, problems);
    checkNames(config, problems);
    checkDns(config.k3s(), problems);
  }

  private static void checkPart(String part, Plan plan, Problems problems) {
    var path = EXTRA.key(DISABLE);
    if (!K3sParts.ALL.contains(part)) {
      problems.add(
          path,
          "%s is not a part that K3s may leave out".formatted(part),
          Suggestion.nearest(part, K3sParts.ALL)
              .map(near -> "did you mean " + near + "?")
              .orElse("use " + String.join(", ", K3sParts.ALL)));
    }
    if (part.equals(K3sParts.CORE_DNS)) {
      problems.add(path, "without coredns no pod finds another one by its name", REMOVE_IT);
    }
    var volumes = plan.volumes().stream().filter(Volume::isLocalPath).toList();
    if (part.equals(K3sParts.LOCAL_STORAGE) && !volumes.isEmpty()) {
      problems.add(
          path,
          "without local-storage there is no storage class local-path, which the volumes of %s come from"
              .formatted(names(volumes.stream().map(Volume::name))),
          REMOVE_IT,
          volumes.stream().map(Volume::path).toArray(KeyPath[]::new));
    }
    var scaled = plan.pods().stream().filter(pods -> pods.most() > pods.replicas()).toList();
    if (part.equals(K3sParts.METRICS_SERVER) && !scaled.isEmpty()) {
      problems.add(
          path,
          "without metrics-server nothing scales %s, whose scale.max is above scale.min"
              .formatted(names(scaled.stream().map(Pods::name))),
          "remove it, or set their scale.max to scale.min",
          scaled.stream().map(Pods::scalePath).toArray(KeyPath[]::new));
    }
  }

  /** Source: LBServerPort and DisableLoadBalancer in K3s' pkg/cli/agent. */
  private static void checkBalancer(StackConfig config, Problems problems) {
    var servers = config.servers().size();
    if (servers > 1 && has(config.k3s(), "disable-apiserver-lb")) {
      problems.add(
          EXTRA.key("disable-apiserver-lb"),
          "would let agents talk to the first server only, although there are %d"
              .formatted(servers),
          REMOVE_IT,
          NODES);
    }
  }

  private static void checkNames(StackConfig config, Problems problems) {
    if (config.nodes().size() > 1) {
      Stream.of("node-external-dns", "node-internal-dns")
          .filter(key -> has(config.k3s(), key))
          .forEach(
              key ->
                  problems.add(
                      EXTRA.key(key),
                      "would give the same name to all %d nodes".formatted(config.nodes().size()),
                      REMOVE_IT,
                      NODES));
    }
  }

  private static void checkDns(K3sConfig k3s, Problems problems) {
    var key = "cluster-dns";
    values(k3s, key)
        .filter(address -> !k3s.serviceCidr().contains(address))
        .forEach(
            address ->
                problems.add(
                    EXTRA.key(key),
                    "%s is not in k3s.serviceCidr %s, so no service can have it"
                        .formatted(address, k3s.serviceCidr()),
                    "choose an address from there, or remove it",
                    SERVICE_CIDR));
  }

  private static boolean has(K3sConfig k3s, String key) {
    return k3s.extraConfig().containsKey(key);
  }

  private static Stream<String> values(K3sConfig k3s, String key) {
    return k3s.extraConfig().getOrDefault(key, List.of()).stream()
        .flatMap(value -> Stream.of(value.split(",", -1)))
        .map(String::strip);
  }

  private static String names(Stream<String> names) {
    return names.collect(Collectors.joining(", "));
  }
}
