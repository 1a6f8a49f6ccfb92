/** NATS: the connection, what is published, and what the server answers. */
@NullMarked
package dev.nordfaas.queueworker.nats;

import org.jspecify.annotations.NullMarked;
