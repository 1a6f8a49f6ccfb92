package dev.nordfaas.function;

import com.pulumi.core.Output;

/**
 * How one role reaches NATS.
 *
 * @param url address of NATS, there once the servers are
 * @param user name of the role's user
 * @param password its password, a secret
 * @param caCertificate the certificate, in PEM, that it knows the servers by
 */
public record NatsLogin(
    Output<String> url, String user, Output<String> password, Output<String> caCertificate) {}
