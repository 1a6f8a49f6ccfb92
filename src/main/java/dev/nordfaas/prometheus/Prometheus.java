package dev.nordfaas.prometheus;

import dev.nordfaas.manifest.Labels;
import dev.nordfaas.manifest.ServiceAddress;

/** Name and labels of Prometheus. */
final class Prometheus {
  /** The name of all its objects. */
  static final String NAME = ServiceAddress.PROMETHEUS.name();

  /** The labels of all its objects. */
  static final Labels LABELS = new Labels(NAME, "metrics");

  private Prometheus() {}
}
