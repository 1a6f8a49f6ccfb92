package dev.nordfaas.manifest;

import com.pulumi.kubernetes.core.v1.ServiceArgs;
import com.pulumi.kubernetes.core.v1.inputs.ServicePortArgs;
import com.pulumi.kubernetes.core.v1.inputs.ServiceSpecArgs;

/** The headless Service through which Prometheus finds pods with metrics. */
public final class MetricsService {
  private MetricsService() {}

  /**
   * The Service, which includes pods that are not ready.
   *
   * @param labels of the Service; their name is that of the pods
   */
  public static ServiceArgs of(String namespace, String name, Labels labels, int port) {
    return ServiceArgs.builder()
        .metadata(Metadata.of(namespace, name, labels))
        .spec(
            ServiceSpecArgs.builder()
                .clusterIP("None")
                .publishNotReadyAddresses(true)
                .selector(labels.selector())
                .ports(ServicePortArgs.builder().name("metrics").port(port).build())
                .build())
        .build();
  }
}
