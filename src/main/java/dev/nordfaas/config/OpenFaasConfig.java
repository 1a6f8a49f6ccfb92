package dev.nordfaas.config;

import java.time.Duration;
import java.util.Optional;

/** OpenFaaS: edition, gateway and provider. */
public record OpenFaasConfig(
    @Key(
            "community: free, at most 60 days of commercial use, 15 functions, 5 replicas, public images; standard: needs a license.")
        Edition edition,
    @Key(
            value = "Accepts the Community Edition's terms and limits in a production datacenter.",
            defaultValue = "false")
        boolean acceptCommunityEdition,
    @Key("License of the standard edition (secret).") Optional<Secret> license,
    @Key(value = "The OpenFaaS gateway.", defaultValue = "{}") GatewayConfig gateway,
    @Key(value = "The OpenFaaS provider, faas-netes.", defaultValue = "{}") ProviderConfig provider,
    @Key(value = "What is to be made anew.", defaultValue = "{}") Rotation rotation) {

  /** Wishes to make something anew. A wish is a day: another day is another wish. */
  public record Rotation(
      @Key(
              value =
                  "Makes a new password of the administrator and rolls the gateway; the one before is refused from then on.",
              pattern = Patterns.DAY,
              hint = Patterns.DAY_HINT)
          Optional<String> password) {}

  /** The editions of OpenFaaS. */
  public enum Edition {
    COMMUNITY,
    STANDARD
  }

  /** The OpenFaaS gateway. */
  public record GatewayConfig(
      @Key(
              value = "Image of the gateway.",
              pattern = Patterns.IMAGE,
              hint = Patterns.IMAGE_HINT,
              defaultValue = "ghcr.io/openfaas/gateway:0.27.13")
          String image,
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
              value = "Image of the provider.",
              pattern = Patterns.IMAGE,
              hint = Patterns.IMAGE_HINT,
              defaultValue = "ghcr.io/openfaas/faas-netes:0.18.17")
          String image,
      @Key(
              value = "Requests and limits of the provider.",
              defaultValue = "{requests: {cpu: 50m, memory: 128Mi}, limits: {memory: 256Mi}}")
          ResourcesConfig resources) {}
}
