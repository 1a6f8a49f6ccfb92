/** Builders for PostgreSQL on three nodes, under the CloudNativePG operator. */
@NullMarked
package dev.nordfaas.postgres.cluster;

import org.jspecify.annotations.NullMarked;
