package dev.nordfaas.openfaas;

import com.pulumi.core.Either;
import com.pulumi.kubernetes.core.v1.inputs.ContainerArgs;
import com.pulumi.kubernetes.core.v1.inputs.ContainerPortArgs;
import com.pulumi.kubernetes.core.v1.inputs.EnvVarArgs;
import com.pulumi.kubernetes.core.v1.inputs.HTTPGetActionArgs;
import com.pulumi.kubernetes.core.v1.inputs.PodSpecArgs;
import com.pulumi.kubernetes.core.v1.inputs.ProbeArgs;
import com.pulumi.kubernetes.core.v1.inputs.TCPSocketActionArgs;
import com.pulumi.kubernetes.core.v1.inputs.VolumeMountArgs;
import dev.nordfaas.config.OpenFaasConfig;
import dev.nordfaas.config.OpenFaasConfig.Edition;
import dev.nordfaas.manifest.ApiToken;
import dev.nordfaas.manifest.Command;
import dev.nordfaas.manifest.Env;
import dev.nordfaas.manifest.NewPods;
import dev.nordfaas.manifest.PodDns;
import dev.nordfaas.manifest.PodTuning;
import dev.nordfaas.manifest.PreStop;
import dev.nordfaas.manifest.Priority;
import dev.nordfaas.manifest.Resources;
import dev.nordfaas.manifest.SecurityContexts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The pod of the gateway. The provider is its second container, as in OpenFaaS' chart, so that it
 * listens inside the pod only; the token of the Kubernetes API is only mounted into the provider's
 * container, so that the gateway, which is exposed to the world, never has it.
 */
final class GatewayPod {
  /** The user in OpenFaaS' own production values. */
  private static final int UID = 10001;

  /** Added to the longest call before a container is told to stop. */
  private static final Duration MARGIN = Duration.ofSeconds(5);

  static final String LICENSE_FLAG =
      "-license-file=%s/%s".formatted(GatewayEnvironment.SECRETS_PATH, GatewayVolumes.LICENSE_PATH);

  private GatewayPod() {}

  static PodSpecArgs of(OpenFaasConfig config, String metricsStoreImage, PodTuning tuning) {
    var seconds = drain(config).plus(MARGIN).toSeconds();
    return tuning
        .on(Priority.PLATFORM.pod(), UID)
        .serviceAccountName(ProviderRbac.NAME)
        .automountServiceAccountToken(false)
        .enableServiceLinks(false)
        .dnsConfig(PodDns.config())
        .terminationGracePeriodSeconds(Math.toIntExact(seconds))
        .containers(containers(config, metricsStoreImage))
        .volumes(GatewayVolumes.of(config.edition()))
        .build();
  }

  private static List<ContainerArgs> containers(OpenFaasConfig config, String metricsStoreImage) {
    var containers = new ArrayList<>(List.of(gateway(config), provider(config)));
    if (config.prometheus().isEmpty()) {
      containers.add(MetricsStore.container(metricsStoreImage));
    }
    return containers;
  }

  private static ContainerArgs gateway(OpenFaasConfig config) {
    return container("gateway", config.edition())
        .image(config.gatewayImage())
        .env(variables(GatewayEnvironment.gateway(config)))
        .ports(port("http", Gateway.HTTP), port("metrics", Gateway.METRICS))
        .resources(Resources.of(config.gateway().resources()))
        .lifecycle(PreStop.sleep(drain(config)))
        // The gateway's /healthz queries the provider: right for readiness, but no reason for a
        // restart.
        .startupProbe(health(Gateway.HTTP).periodSeconds(1).failureThreshold(60).build())
        .readinessProbe(
            health(Gateway.HTTP)
                .initialDelaySeconds(NewPods.LET_THROUGH_SECONDS)
                .periodSeconds(2)
                .failureThreshold(3)
                .build())
        .livenessProbe(
            ProbeArgs.builder()
                .tcpSocket(TCPSocketActionArgs.builder().port(Either.ofLeft(Gateway.HTTP)).build())
                .periodSeconds(10)
                .failureThreshold(3)
                .build())
        .volumeMounts(GatewayVolumes.mount(GatewayVolumes.SECRETS, GatewayEnvironment.SECRETS_PATH))
        .build();
  }

  private static ContainerArgs provider(OpenFaasConfig config) {
    return container("faas-netes", config.edition())
        .image(config.providerImage())
        .env(variables(GatewayEnvironment.provider(config)))
        .ports(port("provider", Gateway.PROVIDER))
        .resources(Resources.of(config.provider().resources(), Gateway.SCRATCH))
        .lifecycle(PreStop.sleep(drain(config)))
        .startupProbe(health(Gateway.PROVIDER).periodSeconds(1).failureThreshold(60).build())
        .livenessProbe(health(Gateway.PROVIDER).periodSeconds(10).failureThreshold(3).build())
        .volumeMounts(
            GatewayVolumes.mount(GatewayVolumes.SECRETS, GatewayEnvironment.SECRETS_PATH),
            ApiToken.mount(),
            VolumeMountArgs.builder().name(GatewayVolumes.TMP).mountPath("/tmp").build())
        .build();
  }

  /**
   * The gateway exits at once when told to stop (0.27, {@code main.go}). So it is only told once
   * its calls have been answered; by then new ones go to its successor.
   */
  private static Duration drain(OpenFaasConfig config) {
    return config.gateway().upstreamTimeout().plus(MARGIN);
  }

  /** The images of the standard edition take their license from a flag. */
  private static ContainerArgs.Builder container(String program, Edition edition) {
    var builder =
        ContainerArgs.builder().name(program).securityContext(SecurityContexts.container());
    return edition == Edition.STANDARD
        ? builder.command(Command.of("./" + program, LICENSE_FLAG))
        : builder;
  }

  private static ProbeArgs.Builder health(int port) {
    return ProbeArgs.builder()
        .httpGet(HTTPGetActionArgs.builder().path("/healthz").port(port).build())
        .timeoutSeconds(5);
  }

  private static ContainerPortArgs port(String name, int number) {
    return ContainerPortArgs.builder().name(name).containerPort(number).build();
  }

  private static List<EnvVarArgs> variables(Map<String, String> environment) {
    return environment.entrySet().stream()
        .map(variable -> Env.value(variable.getKey(), variable.getValue()))
        .toList();
  }
}
