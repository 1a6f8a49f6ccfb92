/** What a NATS JetStream cluster is made of: server config, manifests, streams and consumers. */
@NullMarked
package dev.nordfaas.nats;

import org.jspecify.annotations.NullMarked;
