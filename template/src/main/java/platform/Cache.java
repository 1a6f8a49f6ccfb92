package platform;

import com.pulumi.core.Output;
import com.pulumi.kubernetes.apps.v1.Deployment;
import com.pulumi.kubernetes.apps.v1.DeploymentArgs;
import com.pulumi.kubernetes.apps.v1.inputs.DeploymentSpecArgs;
import com.pulumi.kubernetes.core.v1.Namespace;
import com.pulumi.kubernetes.core.v1.NamespaceArgs;
import com.pulumi.kubernetes.core.v1.Service;
import com.pulumi.kubernetes.core.v1.ServiceArgs;
import com.pulumi.kubernetes.core.v1.inputs.CapabilitiesArgs;
import com.pulumi.kubernetes.core.v1.inputs.ContainerArgs;
import com.pulumi.kubernetes.core.v1.inputs.ContainerPortArgs;
import com.pulumi.kubernetes.core.v1.inputs.PodSecurityContextArgs;
import com.pulumi.kubernetes.core.v1.inputs.PodSpecArgs;
import com.pulumi.kubernetes.core.v1.inputs.PodTemplateSpecArgs;
import com.pulumi.kubernetes.core.v1.inputs.ProbeArgs;
import com.pulumi.kubernetes.core.v1.inputs.ResourceRequirementsArgs;
import com.pulumi.kubernetes.core.v1.inputs.SeccompProfileArgs;
import com.pulumi.kubernetes.core.v1.inputs.SecurityContextArgs;
import com.pulumi.kubernetes.core.v1.inputs.ServicePortArgs;
import com.pulumi.kubernetes.core.v1.inputs.ServiceSpecArgs;
import com.pulumi.kubernetes.core.v1.inputs.TCPSocketActionArgs;
import com.pulumi.kubernetes.meta.v1.inputs.LabelSelectorArgs;
import com.pulumi.kubernetes.meta.v1.inputs.LabelSelectorRequirementArgs;
import com.pulumi.kubernetes.meta.v1.inputs.ObjectMetaArgs;
import com.pulumi.kubernetes.networking.v1.NetworkPolicy;
import com.pulumi.kubernetes.networking.v1.NetworkPolicyArgs;
import com.pulumi.kubernetes.networking.v1.inputs.NetworkPolicyEgressRuleArgs;
import com.pulumi.kubernetes.networking.v1.inputs.NetworkPolicyIngressRuleArgs;
import com.pulumi.kubernetes.networking.v1.inputs.NetworkPolicyPeerArgs;
import com.pulumi.kubernetes.networking.v1.inputs.NetworkPolicyPortArgs;
import com.pulumi.kubernetes.networking.v1.inputs.NetworkPolicySpecArgs;
import com.pulumi.resources.ComponentResource;
import com.pulumi.resources.CustomResourceOptions;
import dev.nordfaas.Platform;
import java.util.List;
import java.util.Map;

/**
 * Valkey in memory: what it holds is gone when its pod is. Only the functions named may connect to
 * it, without a password.
 */
public final class Cache extends ComponentResource {
  private static final String IMAGE = "docker.io/valkey/valkey:8.1.4-alpine";
  private static final int PORT = 6379;

  private final String name;
  private final CustomResourceOptions options;

  /**
   * Creates a cache in a namespace of its own.
   *
   * @param name name of the cache and of its namespace
   * @param platform the platform that it is part of
   * @param functions names of the functions that may use it
   */
  public Cache(String name, Platform platform, String... functions) {
    super("platform:index:Cache", name, platform.options());
    this.name = name;
    this.options = CustomResourceOptions.builder().parent(this).build();

    var namespace = namespace();
    var allowed = ingress(namespace, platform.functionsNamespace(), List.of(functions));
    egress(platform.functionsNamespace(), List.of(functions));
    // Its own policy first: from its first moment on the pod is closed to all others.
    deployment(namespace, allowed);
    var service = service(namespace);
    platform.export(name + "Url", service.metadata().applyValue(it -> url(name)));
  }

  /** Where functions find the cache of that name. */
  static String url(String name) {
    return "redis://%s.%s.svc.cluster.local:%d".formatted(name, name, PORT);
  }

  private Output<String> namespace() {
    var namespace =
        new Namespace(
            name + "-namespace",
            NamespaceArgs.builder()
                .metadata(
                    ObjectMetaArgs.builder()
                        .name(name)
                        .labels(Map.of("pod-security.kubernetes.io/enforce", "restricted"))
                        .build())
                .build(),
            options);
    return namespace.metadata().applyValue(it -> it.name().orElseThrow());
  }

  /** Who may connect to the cache. It connects to nobody: there is no rule for that. */
  private NetworkPolicy ingress(
      Output<String> namespace, Output<String> functionsNamespace, List<String> functions) {
    return new NetworkPolicy(
        name + "-from-functions",
        NetworkPolicyArgs.builder()
            .metadata(metadata(namespace))
            .spec(
                NetworkPolicySpecArgs.builder()
                    .podSelector(pods())
                    .policyTypes("Ingress", "Egress")
                    .ingress(
                        NetworkPolicyIngressRuleArgs.builder()
                            .from(
                                NetworkPolicyPeerArgs.builder()
                                    .namespaceSelector(namespaceOf(functionsNamespace))
                                    .podSelector(podsOf(functions))
                                    .build())
                            .ports(port())
                            .build())
                    .build())
            .build(),
        options);
  }

  /** What the functions may connect to besides what the platform lets them. */
  private void egress(Output<String> functionsNamespace, List<String> functions) {
    new NetworkPolicy(
        name + "-of-functions",
        NetworkPolicyArgs.builder()
            .metadata(metadata(functionsNamespace))
            .spec(
                NetworkPolicySpecArgs.builder()
                    .podSelector(podsOf(functions))
                    .policyTypes("Egress")
                    .egress(
                        NetworkPolicyEgressRuleArgs.builder()
                            .to(
                                NetworkPolicyPeerArgs.builder()
                                    .namespaceSelector(namespaceOf(Output.of(name)))
                                    .podSelector(pods())
                                    .build())
                            .ports(port())
                            .build())
                    .build())
            .build(),
        options);
  }

  private void deployment(Output<String> namespace, NetworkPolicy policy) {
    new Deployment(
        name + "-deployment",
        DeploymentArgs.builder()
            .metadata(metadata(namespace))
            .spec(
                DeploymentSpecArgs.builder()
                    .replicas(1)
                    .selector(pods())
                    .template(
                        PodTemplateSpecArgs.builder()
                            .metadata(ObjectMetaArgs.builder().labels(labels()).build())
                            .spec(pod())
                            .build())
                    .build())
            .build(),
        CustomResourceOptions.builder().parent(this).dependsOn(policy).build());
  }

  private static PodSpecArgs pod() {
    return PodSpecArgs.builder()
        .automountServiceAccountToken(false)
        .enableServiceLinks(false)
        .securityContext(
            PodSecurityContextArgs.builder()
                .runAsNonRoot(true)
                .runAsUser(65532)
                .seccompProfile(SeccompProfileArgs.builder().type("RuntimeDefault").build())
                .build())
        .containers(container())
        .build();
  }

  private static ContainerArgs container() {
    return ContainerArgs.builder()
        .name("valkey")
        .image(IMAGE)
        .command("valkey-server")
        .args(
            List.of(
                "--save",
                "",
                "--maxmemory",
                "192mb",
                "--maxmemory-policy",
                "allkeys-lru",
                // Without a password it would answer this pod alone.
                "--protected-mode",
                "no"))
        .ports(ContainerPortArgs.builder().containerPort(PORT).build())
        .readinessProbe(
            ProbeArgs.builder().tcpSocket(TCPSocketActionArgs.builder().port(PORT).build()).build())
        .resources(
            ResourceRequirementsArgs.builder()
                .requests(Map.of("cpu", "100m", "memory", "256Mi"))
                .limits(Map.of("memory", "256Mi"))
                .build())
        .securityContext(
            SecurityContextArgs.builder()
                .allowPrivilegeEscalation(false)
                .readOnlyRootFilesystem(true)
                .capabilities(CapabilitiesArgs.builder().drop("ALL").build())
                .build())
        .build();
  }

  private Service service(Output<String> namespace) {
    return new Service(
        name + "-service",
        ServiceArgs.builder()
            .metadata(metadata(namespace))
            .spec(
                ServiceSpecArgs.builder()
                    .selector(labels())
                    .ports(ServicePortArgs.builder().port(PORT).build())
                    .build())
            .build(),
        options);
  }

  private ObjectMetaArgs metadata(Output<String> namespace) {
    return ObjectMetaArgs.builder().namespace(namespace).name(name).labels(labels()).build();
  }

  private Map<String, String> labels() {
    return Map.of("app.kubernetes.io/name", name);
  }

  private LabelSelectorArgs pods() {
    return LabelSelectorArgs.builder().matchLabels(labels()).build();
  }

  private static LabelSelectorArgs podsOf(List<String> functions) {
    return LabelSelectorArgs.builder()
        .matchExpressions(
            LabelSelectorRequirementArgs.builder()
                .key("faas_function")
                .operator("In")
                .values(functions)
                .build())
        .build();
  }

  private static LabelSelectorArgs namespaceOf(Output<String> name) {
    return LabelSelectorArgs.builder()
        .matchLabels(name.applyValue(it -> Map.of("kubernetes.io/metadata.name", it)))
        .build();
  }

  private static NetworkPolicyPortArgs port() {
    return NetworkPolicyPortArgs.builder().protocol("TCP").port(PORT).build();
  }
}
