package dev.nordfaas.openfaas;

import dev.nordfaas.config.ByteSize;
import dev.nordfaas.manifest.Labels;
import dev.nordfaas.manifest.Requests;
import dev.nordfaas.manifest.ServiceAddress;

/** Names, labels and ports of the gateway's pod. */
public final class Gateway {
  /** The gateway's name; OpenFaaS' own tools expect it. */
  public static final String NAME = ServiceAddress.GATEWAY.name();

  /** The labels of everything in the namespace of OpenFaaS. */
  public static final Labels LABELS = new Labels(NAME, "gateway");

  /** Requests of the container that substitutes Prometheus. */
  public static final Requests METRICS_STORE_REQUESTS = Requests.ofContainer(5, 24);

  /** Size of the scratch volume, which only the provider mounts. */
  public static final ByteSize SCRATCH = ByteSize.parse("64Mi");

  /** The gateway's port. */
  static final int HTTP = ServiceAddress.GATEWAY.port();

  /** The provider's port, inside the pod only. */
  static final int PROVIDER = 8081;

  /** The port of the Prometheus substitute, inside the pod only. */
  static final int METRICS_STORE = 9090;

  /** The port on which the gateway serves its own metrics: the calls of every function. */
  public static final int METRICS = 8082;

  private Gateway() {}
}
