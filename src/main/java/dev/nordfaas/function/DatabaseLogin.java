package dev.nordfaas.function;

import com.pulumi.core.Output;

/**
 * How a function reaches its database.
 *
 * @param dsn the secret connection string of its own role at the pooler
 * @param caCertificate certificate, in PEM, of the authority that the pooler's is of
 * @param poolerPort TCP port of the pooler's pods
 */
public record DatabaseLogin(Output<String> dsn, Output<String> caCertificate, int poolerPort) {}
