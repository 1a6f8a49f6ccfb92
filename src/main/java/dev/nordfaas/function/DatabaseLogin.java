package dev.nordfaas.function;

import com.pulumi.core.Output;

/**
 * How a function reaches its database.
 *
 * @param dsn the secret connection string of its own role at the pooler
 * @param caCertificate PEM certificate of the authority that issued the pooler's
 * @param poolerPort TCP port of the pooler's pods
 */
public record DatabaseLogin(Output<String> dsn, Output<String> caCertificate, int poolerPort) {}
