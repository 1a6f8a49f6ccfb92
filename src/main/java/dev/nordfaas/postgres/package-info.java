/** Builders for PostgreSQL behind PgBouncer: config files, manifests, roles. */
@NullMarked
package dev.nordfaas.postgres;

import org.jspecify.annotations.NullMarked;
