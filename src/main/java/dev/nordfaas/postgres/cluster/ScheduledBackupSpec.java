package dev.nordfaas.postgres.cluster;

/**
 * The spec of CloudNativePG's {@code ScheduledBackup}, as far as nordfaas uses it; the components
 * are its fields.
 */
record ScheduledBackupSpec(
    String schedule,
    String backupOwnerReference,
    ClusterSpec.NameReference cluster,
    String method,
    boolean immediate) {}
