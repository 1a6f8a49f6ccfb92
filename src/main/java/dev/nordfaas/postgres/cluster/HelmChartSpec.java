package dev.nordfaas.postgres.cluster;

/**
 * The spec of K3s' {@code HelmChart}, as far as nordfaas uses it; the components are its fields.
 */
record HelmChartSpec(
    String repo, String chart, String version, String targetNamespace, String valuesContent) {}
