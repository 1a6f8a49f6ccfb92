package dev.nordfaas.manifest;

import com.pulumi.kubernetes.core.v1.inputs.PodSecurityContextArgs;
import com.pulumi.kubernetes.core.v1.inputs.PodSpecArgs;
import com.pulumi.kubernetes.core.v1.inputs.SysctlArgs;
import com.pulumi.kubernetes.meta.v1.inputs.ObjectMetaArgs;
import com.pulumi.kubernetes.node.v1.RuntimeClassArgs;
import java.util.Optional;

/**
 * Settings of a pod that handles bursts for its own network namespace, which does not see the
 * host's values.
 *
 * <p>Kubernetes considers {@code net.core.somaxconn} unsafe: the kubelet has to allow it, and the
 * standard {@code restricted} admits no pod that sets it. So these pods have a runtime class that
 * the cluster's admission exempts from the standard; they comply with the rest of it.
 *
 * @param somaxconn how many connections may wait for accept; empty for the kernel's default
 */
public record PodTuning(Optional<String> somaxconn) {
  /** The one sysctl that the kubelet allows on top of the safe ones. */
  public static final String SOMAXCONN = "net.core.somaxconn";

  /** The runtime class that the admission of pods exempts; {@code pod-security.yaml} names it. */
  public static final String RUNTIME_CLASS = "nordfaas-tuned";

  /** For a cluster whose kubelets and admission are not ours. */
  public static final PodTuning NONE = new PodTuning(Optional.empty());

  /** The same runtime as that of every other pod, under another name. */
  public static RuntimeClassArgs runtimeClass() {
    return RuntimeClassArgs.builder()
        .metadata(ObjectMetaArgs.builder().name(RUNTIME_CLASS).build())
        .handler("runc")
        .build();
  }

  /** Sets the pod's security context and tuning. */
  public PodSpecArgs.Builder on(PodSpecArgs.Builder pod, int uid) {
    somaxconn.ifPresent(value -> pod.runtimeClassName(RUNTIME_CLASS));
    return pod.securityContext(securityContext(uid));
  }

  private PodSecurityContextArgs securityContext(int uid) {
    var context = SecurityContexts.podBuilder(uid);
    somaxconn.ifPresent(
        value -> context.sysctls(SysctlArgs.builder().name(SOMAXCONN).value(value).build()));
    return context.build();
  }
}
