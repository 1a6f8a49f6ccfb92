package dev.nordfaas.manifest;

import com.pulumi.kubernetes.core.v1.inputs.EnvVarArgs;
import dev.nordfaas.config.ResourcesConfig;

/**
 * The soft memory limit of Go programs. Without it the garbage of a burst may grow until the kernel
 * kills the container.
 */
public final class GoMemory {
  /** The variable that Go reads at startup. */
  public static final String VARIABLE = "GOMEMLIMIT";

  /** Share of the memory limit, in percent, at which Go collects garbage more aggressively. */
  private static final long PERCENT = 85;

  private GoMemory() {}

  /** The value of {@link #VARIABLE} for a container with these limits. */
  public static String limit(ResourcesConfig resources) {
    return resources.limits().memory().bytes() / 100 * PERCENT / (1 << 20) + "MiB";
  }

  /** The variable. */
  public static EnvVarArgs env(ResourcesConfig resources) {
    return Env.value(VARIABLE, limit(resources));
  }
}
