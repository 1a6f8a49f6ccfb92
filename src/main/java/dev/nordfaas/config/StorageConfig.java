package dev.nordfaas.config;

/** A persistent volume. */
public record StorageConfig(
    @Key(
            value =
                "Size of the volume. local-path, the default class of K3s, does not enforce it, so it may be changed; docs/runbook.md says what other classes need.",
            example = "20Gi")
        ByteSize size,
    @Key(
            value = "Kubernetes storage class.",
            defaultValue = "local-path",
            pattern = Patterns.DNS_NAME,
            hint = "the name of a storage class, such as local-path")
        String storageClass) {}
