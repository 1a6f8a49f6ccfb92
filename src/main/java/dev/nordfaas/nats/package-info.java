/** Builders for a NATS JetStream cluster: server config, manifests, streams and consumers. */
@NullMarked
package dev.nordfaas.nats;

import org.jspecify.annotations.NullMarked;
