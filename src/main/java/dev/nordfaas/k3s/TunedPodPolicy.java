package dev.nordfaas.k3s;

import com.pulumi.kubernetes.meta.v1.inputs.ObjectMetaArgs;
import dev.nordfaas.customresource.CustomResourceArgs;
import dev.nordfaas.customresource.CustomResourceType;
import dev.nordfaas.k3s.AdmissionPolicySpec.MatchResources;
import dev.nordfaas.k3s.AdmissionPolicySpec.Named;
import dev.nordfaas.k3s.AdmissionPolicySpec.ResourceRule;
import dev.nordfaas.k3s.AdmissionPolicySpec.Validation;
import dev.nordfaas.manifest.PodTuning;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What pods of {@link PodTuning#RUNTIME_CLASS} may be, which the API server exempts from the Pod
 * Security Standards: those that comply with {@code restricted} and set no sysctl but {@link
 * PodTuning#SOMAXCONN}. It applies in all namespaces, and refuses what it cannot evaluate.
 *
 * <p>The checks are those of Kubernetes 1.34 ({@code k8s.io/pod-security-admission/policy}),
 * without its exceptions for Windows, for pods with a user namespace, and for sysctls that it knows
 * as safe.
 */
public final class TunedPodPolicy {
  /** Name of the policy and of its binding. */
  public static final String NAME = "tuned-pods.nordfaas.dev";

  private static final String APP_ARMOR = "container.apparmor.security.beta.kubernetes.io/";

  /** Whether it is admitted is decided for each container, whatever its kind. */
  private static final String CONTAINERS =
      """
      (object.spec.containers + object.spec.?initContainers.orValue([])).map(c, dyn(c))
        + object.spec.?ephemeralContainers.orValue([]).map(c, dyn(c))""";

  private TunedPodPolicy() {}

  /** The policy. */
  public static CustomResourceArgs policy() {
    return new CustomResourceArgs(
        CustomResourceType.VALIDATING_ADMISSION_POLICY,
        metadata(),
        new AdmissionPolicySpec(
            "Fail",
            new MatchResources(
                List.of(
                    new ResourceRule(
                        List.of(""),
                        List.of("v1"),
                        List.of("CREATE", "UPDATE"),
                        List.of("pods", "pods/ephemeralcontainers")))),
            List.of(
                new Named(
                    "runtime-class",
                    "object.spec.?runtimeClassName.orValue('') == '%s'"
                        .formatted(PodTuning.RUNTIME_CLASS))),
            List.of(new Named("containers", CONTAINERS)),
            validations()));
  }

  /** Without a binding, a policy has no effect. */
  public static CustomResourceArgs binding() {
    return new CustomResourceArgs(
        CustomResourceType.VALIDATING_ADMISSION_POLICY_BINDING,
        metadata(),
        new AdmissionPolicySpec.Binding(NAME, List.of("Deny")));
  }

  private static ObjectMetaArgs metadata() {
    return ObjectMetaArgs.builder().name(NAME).build();
  }

  private static List<Validation> validations() {
    return List.of(
        validation(
            """
            !object.spec.?hostNetwork.orValue(false)
              && !object.spec.?hostPID.orValue(false)
              && !object.spec.?hostIPC.orValue(false)""",
            "must not use the host's namespaces: hostNetwork, hostPID, hostIPC"),
        validation(
            """
            object.spec.?volumes.orValue([]).all(v, !has(v.hostPath)
              && (has(v.configMap) || has(v.csi) || has(v.downwardAPI) || has(v.emptyDir) || has(v.ephemeral)
                || has(v.image) || has(v.persistentVolumeClaim) || has(v.projected) || has(v.secret)))""",
            "must have only volumes of the types configMap, csi, downwardAPI, emptyDir, ephemeral, image, persistentVolumeClaim, projected and secret"),
        each("!c.?securityContext.?privileged.orValue(false)", "must not set privileged"),
        each(
            "!c.?securityContext.?allowPrivilegeEscalation.orValue(true)",
            "must set allowPrivilegeEscalation=false in each container"),
        each(
            """
            'ALL' in c.?securityContext.?capabilities.?drop.orValue([])
              && c.?securityContext.?capabilities.?add.orValue([]).all(it, it == 'NET_BIND_SERVICE')""",
            "must drop the capability ALL in each container, and add none but NET_BIND_SERVICE"),
        validation(
            """
            object.spec.?securityContext.?runAsNonRoot.orValue(true) && variables.containers.all(c,
              c.?securityContext.?runAsNonRoot.orValue(object.spec.?securityContext.?runAsNonRoot.orValue(false)))""",
            "must set runAsNonRoot=true, in the pod or in each container"),
        podAndEach("%s.?securityContext.?runAsUser.orValue(1) != 0", "must not set runAsUser=0"),
        validation(
            """
            object.spec.?securityContext.?seccompProfile.?type.orValue('RuntimeDefault') in ['RuntimeDefault', 'Localhost']
              && variables.containers.all(c,
                c.?securityContext.?seccompProfile.?type.orValue(object.spec.?securityContext.?seccompProfile.?type.orValue(''))
                  in ['RuntimeDefault', 'Localhost'])""",
            "must set seccompProfile.type to RuntimeDefault or Localhost, in the pod or in each container"),
        podAndEach(
            "%s.?securityContext.?appArmorProfile.?type.orValue('RuntimeDefault') in ['RuntimeDefault', 'Localhost']",
            "must set appArmorProfile.type to RuntimeDefault or Localhost, if at all"),
        validation(
            """
            object.metadata.?annotations.orValue({}).all(key, !key.startsWith('%1$s')
              || object.metadata.annotations[key] in ['', 'runtime/default']
              || object.metadata.annotations[key].startsWith('localhost/'))"""
                .formatted(APP_ARMOR),
            "must have only annotations " + APP_ARMOR + "* of runtime/default or localhost/*"),
        podAndEach(
            """
            %1$s.?securityContext.?seLinuxOptions.?type.orValue('')
                in ['', 'container_t', 'container_init_t', 'container_kvm_t', 'container_engine_t']
              && %1$s.?securityContext.?seLinuxOptions.?user.orValue('') == ''
              && %1$s.?securityContext.?seLinuxOptions.?role.orValue('') == ''""",
            "must set in seLinuxOptions neither user nor role, and no type but those of containers"),
        each(
            "c.?securityContext.?procMount.orValue('Default') == 'Default'",
            "must not set procMount"),
        validation(
            "object.spec.?securityContext.?sysctls.orValue([]).all(it, it.name == '%s')"
                .formatted(PodTuning.SOMAXCONN),
            "must set no sysctl but " + PodTuning.SOMAXCONN),
        each("c.?ports.orValue([]).all(it, it.?hostPort.orValue(0) == 0)", "must not set hostPort"),
        podAndEach(
            "!%s.?securityContext.?windowsOptions.?hostProcess.orValue(false)",
            "must not set windowsOptions.hostProcess"),
        each(hosts(), "must not set a host in probes and lifecycle handlers"));
  }

  private static String hosts() {
    return Stream.of(
            "livenessProbe",
            "readinessProbe",
            "startupProbe",
            "lifecycle.?postStart",
            "lifecycle.?preStop")
        .flatMap(
            handler ->
                Stream.of("httpGet", "tcpSocket")
                    .map(action -> "c.?%s.?%s.?host.orValue('') == ''".formatted(handler, action)))
        .collect(Collectors.joining("\n  && "));
  }

  /** A condition on every container {@code c}. */
  private static Validation each(String condition, String message) {
    return validation("variables.containers.all(c, %s)".formatted(condition), message);
  }

  /** A condition on the pod's spec and on every container. */
  private static Validation podAndEach(String condition, String message) {
    return validation(
        "%s && variables.containers.all(c, %s)"
            .formatted(condition.formatted("object.spec"), condition.formatted("c")),
        message);
  }

  private static Validation validation(String expression, String message) {
    return new Validation(
        expression,
        "pods of the runtime class %s %s".formatted(PodTuning.RUNTIME_CLASS, message),
        "Forbidden");
  }
}
