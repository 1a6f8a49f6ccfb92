package dev.nordfaas.plan;

import dev.nordfaas.config.OpenFaasConfig.Edition;
import dev.nordfaas.config.StackConfig;

/**
 * What the license of an edition of OpenFaaS is about.
 *
 * @param edition the edition
 * @param accepted whether the config accepts the terms of the Community Edition
 * @param functions how many functions there are
 * @param replicas the most replicas that one of them is scaled to
 */
public record License(Edition edition, boolean accepted, int functions, int replicas) {
  /** Functions that the Community Edition allows. */
  public static final int COMMUNITY_FUNCTIONS = 15;

  /** Replicas of one function that it allows. */
  public static final int COMMUNITY_REPLICAS = 5;

  /** Days of commercial use that it allows, in one installation. */
  public static final int COMMUNITY_DAYS = 60;

  static License of(StackConfig config) {
    return new License(
        config.openfaas().edition(),
        config.openfaas().acceptCommunityEdition(),
        config.functions().size(),
        config.functions().values().stream()
            .mapToInt(function -> function.scale().max())
            .max()
            .orElse(0));
  }
}
