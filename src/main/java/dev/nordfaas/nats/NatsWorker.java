package dev.nordfaas.nats;

/**
 * The consumer that one role takes messages from.
 *
 * @param stream name of the stream
 * @param durable name of the stream's durable pull consumer
 */
public record NatsWorker(String stream, String durable) {}
