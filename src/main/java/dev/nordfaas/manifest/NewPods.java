package dev.nordfaas.manifest;

/**
 * What the start of a pod has to do with network policies.
 *
 * <p>K3s' policy controller knows the address of a new pod only after its next sync: until then the
 * pods that it connects to refuse it, and those with policies for what they connect to are refused
 * by themselves. With v1.34.4+k3s1 that took 0.3 to 1.8 seconds.
 */
public final class NewPods {
  /**
   * Seconds after the start of a container, from which on its pod is let through: two for the
   * policies, after up to one in which the kubelet notices the address and another for reserve. Who
   * is served by several pods is not sent to one before, so its readiness is asked for that late.
   */
  public static final int LET_THROUGH_SECONDS = 4;

  private NewPods() {}
}
