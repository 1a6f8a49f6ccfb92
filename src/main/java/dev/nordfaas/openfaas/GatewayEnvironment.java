package dev.nordfaas.openfaas;

import dev.nordfaas.config.Durations;
import dev.nordfaas.config.OpenFaasConfig.GatewayConfig;
import dev.nordfaas.manifest.Namespaces;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The environment of the gateway and of its provider, as gateway 0.27 and faas-netes 0.18 read it.
 *
 * <p>{@code faas_nats_*} is left out on purpose: it turns on OpenFaaS' own asynchronous path, which
 * loses its queue on restart. Without it {@code /async-function} does not exist.
 */
public final class GatewayEnvironment {
  /** Where the gateway and the provider find user and password. */
  static final String SECRETS_PATH = "/var/secrets";

  private GatewayEnvironment() {}

  /** The variables of the gateway. */
  public static SortedMap<String, String> gateway(GatewayConfig config) {
    var environment = common(config);
    environment.put("upstream_timeout", Durations.format(config.upstreamTimeout()));
    environment.put("functions_provider_url", "http://127.0.0.1:%d/".formatted(Gateway.PROVIDER));
    // The provider picks a ready pod for each call; a Service would pick one for each connection.
    environment.put("direct_functions", "false");
    // Nothing is ever at zero; asking the provider before each call would only cost time.
    environment.put("scale_from_zero", "false");
    environment.put("faas_prometheus_host", "127.0.0.1");
    environment.put("faas_prometheus_port", Integer.toString(Gateway.METRICS_STORE));
    return environment;
  }

  /** The variables of the provider. */
  public static SortedMap<String, String> provider(GatewayConfig config) {
    var environment = common(config);
    environment.put("port", Integer.toString(Gateway.PROVIDER));
    environment.put("cluster_role", "false");
    return environment;
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
