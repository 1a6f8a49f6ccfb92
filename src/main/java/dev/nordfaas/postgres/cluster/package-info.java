/** PostgreSQL on three nodes, under the CloudNativePG operator: what it is made of. */
@NullMarked
package dev.nordfaas.postgres.cluster;

import org.jspecify.annotations.NullMarked;
