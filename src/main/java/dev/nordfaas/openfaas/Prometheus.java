package dev.nordfaas.openfaas;

import dev.nordfaas.manifest.Labels;
import dev.nordfaas.manifest.Namespaces;
import dev.nordfaas.manifest.ServiceAddress;

/** Names, labels and ports of Prometheus. */
public final class Prometheus {
  /** Its address: the one that OpenFaaS' gateway asks unless told otherwise. */
  public static final ServiceAddress ADDRESS =
      new ServiceAddress(Namespaces.OPENFAAS, "prometheus", 9090);

  /** The name of all its objects. */
  public static final String NAME = ADDRESS.name();

  /** The labels of all its objects. */
  public static final Labels LABELS = new Labels(NAME, "metrics");

  private Prometheus() {}
}
