package dev.nordfaas.function;

import com.pulumi.core.Output;

/**
 * An environment variable whose value the pod takes from its own Secret. The Secret's key is the
 * variable's name.
 *
 * @param secret name of the Secret
 * @param variable name of the variable
 * @param value the value; a secret that holds a generated password
 */
public record SecretVariable(String secret, String variable, Output<String> value) {}
