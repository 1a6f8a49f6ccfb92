package dev.nordfaas.components;

import com.pulumi.core.Output;

/**
 * How one role logs in to NATS.
 *
 * @param user name of the user
 * @param password its password, a secret
 */
public record NatsCredentials(String user, Output<String> password) {}
