package dev.nordfaas.manifest;

import com.pulumi.kubernetes.core.v1.inputs.CapabilitiesArgs;
import com.pulumi.kubernetes.core.v1.inputs.PodSecurityContextArgs;
import com.pulumi.kubernetes.core.v1.inputs.SeccompProfileArgs;
import com.pulumi.kubernetes.core.v1.inputs.SecurityContextArgs;

/** Security contexts that the PodSecurity standard {@code restricted} accepts. */
public final class SecurityContexts {
  private SecurityContexts() {}

  /** A pod whose processes and volumes belong to the given user and group. */
  public static PodSecurityContextArgs pod(int uid) {
    return podBuilder(uid).build();
  }

  static PodSecurityContextArgs.Builder podBuilder(int uid) {
    return PodSecurityContextArgs.builder()
        .runAsNonRoot(true)
        .runAsUser(uid)
        .runAsGroup(uid)
        .fsGroup(uid)
        .fsGroupChangePolicy("OnRootMismatch")
        .seccompProfile(SeccompProfileArgs.builder().type("RuntimeDefault").build());
  }

  /** A container with a read-only root file system and no capability at all. */
  public static SecurityContextArgs container() {
    return SecurityContextArgs.builder()
        .allowPrivilegeEscalation(false)
        .readOnlyRootFilesystem(true)
        .capabilities(CapabilitiesArgs.builder().drop("ALL").build())
        .build();
  }

  /**
   * A container of Caddy's image. The official image's binary carries the file capability to bind
   * low ports, and Linux refuses to run it where that capability is not even allowed.
   */
  public static SecurityContextArgs caddy() {
    return SecurityContextArgs.builder()
        .allowPrivilegeEscalation(false)
        .readOnlyRootFilesystem(true)
        .capabilities(CapabilitiesArgs.builder().drop("ALL").add("NET_BIND_SERVICE").build())
        .build();
  }
}
