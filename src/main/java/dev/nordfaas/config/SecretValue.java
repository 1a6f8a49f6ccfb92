package dev.nordfaas.config;

import com.pulumi.core.Output;

/**
 * A value that is encrypted in the stack config ({@code pulumi config set --secret --path …}). It
 * leaves this class only as a secret {@link Output}, so that it cannot be logged by accident.
 */
public final class SecretValue {
  private final String value;

  private SecretValue(String value) {
    this.value = value;
  }

  /** Wraps the plain text that Pulumi has decrypted. */
  public static SecretValue of(String plainText) {
    return new SecretValue(plainText);
  }

  /** The plain text as a secret output: encrypted in the state, masked on the screen. */
  public Output<String> asOutput() {
    return Output.ofSecret(value);
  }

  @Override
  public String toString() {
    return "[secret]";
  }
}
