package dev.nordfaas.queueworker.nats;

/**
 * The server's confirmation that a message is stored.
 *
 * @param stream where
 * @param sequence its sequence in the stream; for a duplicate, that of the first
 * @param duplicate whether a message with the same Nats-Msg-Id was there already
 */
public record PubAck(String stream, long sequence, boolean duplicate) {}
