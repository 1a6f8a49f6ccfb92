/** What PostgreSQL behind PgBouncer is made of: config files, manifests, roles. */
@NullMarked
package dev.nordfaas.postgres;

import org.jspecify.annotations.NullMarked;
