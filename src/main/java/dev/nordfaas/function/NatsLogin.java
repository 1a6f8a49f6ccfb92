package dev.nordfaas.function;

import com.pulumi.core.Output;

/**
 * How one role reaches NATS.
 *
 * @param url address of NATS, resolves once the servers are ready
 * @param user name of the role's user
 * @param password its password, a secret
 * @param caCertificate the PEM certificate that it verifies the servers with
 */
public record NatsLogin(
    Output<String> url, String user, Output<String> password, Output<String> caCertificate) {}
