/** Builders for the edge: Caddy, with TLS and routing in front of gateway and intake. */
@NullMarked
package dev.nordfaas.edge;

import org.jspecify.annotations.NullMarked;
