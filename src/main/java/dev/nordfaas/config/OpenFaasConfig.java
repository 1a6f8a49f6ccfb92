package dev.nordfaas.config;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** OpenFaaS: edition, gateway and provider; or none of it. */
public record OpenFaasConfig(
    @Key(
            "community: free, at most 60 days of commercial use, 15 functions, 5 replicas, public images; standard: needs a license; none: without OpenFaaS, functions are called directly.")
        Edition edition,
    @Key(
            value = "Accepts the Community Edition's terms and limits in a production datacenter.",
            defaultValue = "false")
        boolean acceptCommunityEdition,
    @Key("License of the standard edition (secret).") Optional<SecretValue> license,
    @Key(value = "The OpenFaaS gateway; not with edition none.", defaultValue = "{}")
        GatewayConfig gateway,
    @Key(value = "The OpenFaaS provider, faas-netes; not with edition none.", defaultValue = "{}")
        ProviderConfig provider,
    @Key(
            "OpenFaaS' own asynchronous path, /async-function, on JetStream; for the standard edition only. nordfaas' own path, queueWorker, does not need it.")
        Optional<JetStreamConfig> jetstream,
    @Key(
            "Prometheus: keeps the metrics of gateway or edge, NATS, intake and workers, and lets the gateway report how often a function was called.")
        Optional<PrometheusConfig> prometheus,
    @Key(
            value =
                "Logins for registries with private images, by the registry's host; not for the Community Edition. The images of OpenFaaS, functions, workers and intake are pulled with them.",
            defaultValue = "{}",
            keyPattern = "(" + Patterns.HOST + "(:[0-9]{1,5})?)",
            keyHint = "a registry's host, such as registry.example.no")
        Map<String, RegistryLogin> registries,
    @Key(value = "Dates that trigger a renewal.", defaultValue = "{}") Rotation rotation) {
  private static final String COMMUNITY_GATEWAY = "ghcr.io/openfaas/gateway:0.27.13";
  private static final String STANDARD_GATEWAY = "ghcr.io/openfaasltd/gateway:0.5.20";
  private static final String COMMUNITY_PROVIDER = "ghcr.io/openfaas/faas-netes:0.18.17";
  private static final String STANDARD_PROVIDER = "ghcr.io/openfaasltd/faas-netes:0.5.93";

  /** Whether there is a gateway, through which functions are called. */
  public boolean hasGateway() {
    return edition != Edition.NONE;
  }

  /** Image of the gateway: the config's, or the one of the edition. */
  public String gatewayImage() {
    return gateway
        .image()
        .orElse(edition == Edition.STANDARD ? STANDARD_GATEWAY : COMMUNITY_GATEWAY);
  }

  /** Image of the provider: the config's, or the one of the edition. */
  public String providerImage() {
    return provider
        .image()
        .orElse(edition == Edition.STANDARD ? STANDARD_PROVIDER : COMMUNITY_PROVIDER);
  }

  /** Dates that trigger a renewal; a new date triggers another one. */
  public record Rotation(
      @Key(
              value =
                  "Generates a new administrator password and rolls the gateway; the previous one is refused from then on.",
              pattern = Patterns.DAY,
              hint = Patterns.DAY_HINT)
          Optional<String> password) {}

  /** The editions of OpenFaaS; without it, callers connect to functions themselves. */
  public enum Edition {
    COMMUNITY,
    STANDARD,
    NONE
  }

  /** The OpenFaaS gateway. */
  public record GatewayConfig(
      @Key(
              value =
                  "Image of the gateway; without it "
                      + COMMUNITY_GATEWAY
                      + ", or "
                      + STANDARD_GATEWAY
                      + " for the standard edition.",
              pattern = Patterns.IMAGE,
              hint = Patterns.IMAGE_HINT)
          Optional<String> image,
      @Key(value = "Pods of the gateway.", defaultValue = "1", min = 1, max = 20) int replicas,
      @Key(
              value = "How long a function may take; shorter than readTimeout and writeTimeout.",
              defaultValue = "60s")
          Duration upstreamTimeout,
      @Key(value = "Time to read a request.", defaultValue = "65s") Duration readTimeout,
      @Key(value = "Time to write a response.", defaultValue = "65s") Duration writeTimeout,
      @Key(
              value = "Requests and limits of the gateway.",
              defaultValue = "{requests: {cpu: 100m, memory: 128Mi}, limits: {memory: 256Mi}}")
          ResourcesConfig resources) {}

  /** The OpenFaaS provider. */
  public record ProviderConfig(
      @Key(
              value =
                  "Image of the provider; without it "
                      + COMMUNITY_PROVIDER
                      + ", or "
                      + STANDARD_PROVIDER
                      + " for the standard edition.",
              pattern = Patterns.IMAGE,
              hint = Patterns.IMAGE_HINT)
          Optional<String> image,
      @Key(
              value = "Requests and limits of the provider.",
              defaultValue = "{requests: {cpu: 50m, memory: 128Mi}, limits: {memory: 256Mi}}")
          ResourcesConfig resources) {}

  /**
   * OpenFaaS' own queue. The vendor's images cannot log in, so it has its own NATS server, which
   * only they can reach.
   */
  public record JetStreamConfig(
      @Key(
              value = "Image of OpenFaaS' queue-worker.",
              pattern = Patterns.IMAGE,
              hint = Patterns.IMAGE_HINT,
              defaultValue = "ghcr.io/openfaasltd/jetstream-queue-worker:0.5.7")
          String image,
      @Key(value = "Pods of the queue-worker.", defaultValue = "1", min = 1, max = 20) int replicas,
      @Key(value = "Calls in flight per queue-worker.", defaultValue = "50", min = 1, max = 10_000)
          int maxInflight,
      @Key(
              value = "Image of the NATS server.",
              pattern = Patterns.IMAGE,
              hint = Patterns.IMAGE_HINT,
              defaultValue = "docker.io/library/nats:2.14.5")
          String natsImage,
      @Key(value = "Volume of the NATS server.", defaultValue = "{size: 5Gi}")
          StorageConfig storage,
      @Key(
              value = "Requests and limits of one queue-worker.",
              defaultValue = "{requests: {cpu: 50m, memory: 120Mi}, limits: {memory: 256Mi}}")
          ResourcesConfig resources,
      @Key(
              value = "Requests and limits of the NATS server.",
              defaultValue = "{requests: {cpu: 100m, memory: 120Mi}, limits: {memory: 512Mi}}")
          ResourcesConfig natsResources) {}

  /** Prometheus. */
  public record PrometheusConfig(
      @Key(
              value = "Image of Prometheus 3.",
              pattern = Patterns.IMAGE,
              hint = Patterns.IMAGE_HINT,
              defaultValue = "docker.io/prom/prometheus:v3.16.0")
          String image,
      @Key(value = "How long metrics are kept, from 1h to 365d.", defaultValue = "15d")
          Duration retention,
      @Key(value = "How often metrics are scraped, from 1s to 5m.", defaultValue = "5s")
          Duration interval,
      @Key(
              value =
                  "Space for metrics on the node's disk, at least 1Gi; the oldest are deleted when three quarters are full. They do not survive the pod.",
              defaultValue = "4Gi")
          ByteSize size,
      @Key(
              value = "Requests and limits of Prometheus.",
              defaultValue = "{requests: {cpu: 100m, memory: 256Mi}, limits: {memory: 1Gi}}")
          ResourcesConfig resources) {}

  /** A registry login that pulls images. */
  public record RegistryLogin(
      @Key(value = "User, or the name of the token.", example = "nordfaas") String username,
      @Key("Password or token (secret); one that may only pull.") SecretValue password) {}
}
