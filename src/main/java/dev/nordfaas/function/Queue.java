package dev.nordfaas.function;

import com.pulumi.core.Output;

/**
 * How one role reaches NATS.
 *
 * @param url address of NATS
 * @param user name of the role's user
 * @param password its password, a secret
 */
public record Queue(Output<String> url, String user, Output<String> password) {}
