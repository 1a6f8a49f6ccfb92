package dev.nordfaas.openfaas;

import dev.nordfaas.config.Durations;
import dev.nordfaas.config.OpenFaasConfig;
import dev.nordfaas.config.OpenFaasConfig.Edition;
import dev.nordfaas.config.OpenFaasConfig.GatewayConfig;
import dev.nordfaas.manifest.GoMemory;
import dev.nordfaas.manifest.Namespaces;
import dev.nordfaas.manifest.ServiceAddress;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The environment of the gateway and of its provider: what OpenFaaS' chart 15 sets for each
 * edition, except variables that no program here reads.
 *
 * <p>{@code faas_nats_*} turns on OpenFaaS' own asynchronous path. That of the Community Edition
 * loses its queue on restart, so only the standard edition has it, and it is off by default: then
 * {@code /async-function} does not exist.
 */
public final class GatewayEnvironment {
  /** Where the gateway and the provider find user and password. */
  static final String SECRETS_PATH = "/var/secrets";

  private static final String IDLE_CONNECTIONS = "1024";

  private GatewayEnvironment() {}

  /** The variables of the gateway. */
  public static SortedMap<String, String> gateway(OpenFaasConfig config) {
    var environment = common(config.gateway());
    environment.put(GoMemory.VARIABLE, GoMemory.limit(config.gateway().resources()));
    environment.put("upstream_timeout", Durations.format(config.gateway().upstreamTimeout()));
    environment.put("functions_provider_url", "http://127.0.0.1:%d/".formatted(Gateway.PROVIDER));
    // The provider picks a ready pod for each call; a Service would pick one for each connection.
    environment.put("direct_functions", "false");
    environment.put("direct_functions_suffix", Namespaces.FUNCTIONS + ".svc.cluster.local");
    environment.put("probe_functions", "false");
    environment.put("max_idle_conns", IDLE_CONNECTIONS);
    environment.put("max_idle_conns_per_host", IDLE_CONNECTIONS);
    // Nothing is ever at zero; querying the provider before each call would only cost time.
    environment.put("scale_from_zero", "false");
    putPrometheus(config, environment);
    if (config.edition() == Edition.STANDARD) {
      environment.put("async", Boolean.toString(config.jetstream().isPresent()));
      config.jetstream().ifPresent(jetstream -> environment.putAll(JetStreamQueue.ofGateway()));
    }
    return environment;
  }

  private static void putPrometheus(OpenFaasConfig config, SortedMap<String, String> environment) {
    var real = config.prometheus().isPresent();
    environment.put("faas_prometheus_host", real ? ServiceAddress.PROMETHEUS.host() : "127.0.0.1");
    environment.put(
        "faas_prometheus_port",
        Integer.toString(real ? ServiceAddress.PROMETHEUS.port() : Gateway.METRICS_STORE));
  }

  /** The variables of the provider. */
  public static SortedMap<String, String> provider(OpenFaasConfig config) {
    var environment = common(config.gateway());
    environment.put(GoMemory.VARIABLE, GoMemory.limit(config.provider().resources()));
    environment.put("port", Integer.toString(Gateway.PROVIDER));
    environment.put("cluster_role", "false");
    if (config.edition() == Edition.STANDARD) {
      putDeployment(environment);
    }
    return environment;
  }

  /**
   * How functions would be deployed, which here only the stack does. The provider of the standard
   * edition still gets it: its source is not public, so what it does without is unknown.
   */
  private static void putDeployment(SortedMap<String, String> environment) {
    environment.put("profiles_namespace", Namespaces.OPENFAAS);
    environment.put("image_pull_policy", "IfNotPresent");
    environment.put("http_probe", "true");
    environment.put("set_nonroot_user", "true");
    for (var probe : List.of("readiness_probe", "liveness_probe")) {
      environment.put(probe + "_initial_delay_seconds", "0");
      environment.put(probe + "_timeout_seconds", "1");
      environment.put(probe + "_period_seconds", "2");
      environment.put(probe + "_failure_threshold", "3");
    }
    environment.put("readiness_probe_success_threshold", "1");
    environment.put("debug", "false");
    environment.put("log_encoding", "console");
  }

  private static SortedMap<String, String> common(GatewayConfig config) {
    var environment = new TreeMap<String, String>();
    environment.put("read_timeout", Durations.format(config.readTimeout()));
    environment.put("write_timeout", Durations.format(config.writeTimeout()));
    environment.put("function_namespace", Namespaces.FUNCTIONS);
    environment.put("basic_auth", "true");
    environment.put("secret_mount_path", SECRETS_PATH);
    return environment;
  }
}
