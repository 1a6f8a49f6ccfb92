package dev.nordfaas.manifest;

/**
 * How network policies affect the start of a pod.
 *
 * <p>K3s' policy controller knows the address of a new pod only after its next sync: until then the
 * pods that it connects to reject it, and with policies for egress its own connections are rejected
 * too. With v1.34.4+k3s1 that took 0.3 to 1.8 seconds.
 */
public final class NewPods {
  /**
   * Seconds after the start of a container until its pod is let through: two for the policies,
   * after up to one in which the kubelet notices the address, and another in reserve. With several
   * pods, clients should not be sent to one earlier, so its readiness is first checked after this
   * time.
   */
  public static final int LET_THROUGH_SECONDS = 4;

  private NewPods() {}
}
