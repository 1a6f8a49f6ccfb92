package dev.nordfaas.config;

import com.pulumi.core.Output;

/**
 * A value that the stack config holds encrypted ({@code pulumi config set --secret --path …}). It
 * leaves this class as a secret {@link Output} only, so that it cannot be logged by accident.
 */
public final class Secret {
  private final String value;

  private Secret(String value) {
    this.value = value;
  }

  /** Wraps the plain text that Pulumi has decrypted. */
  public static Secret of(String plainText) {
    return new Secret(plainText);
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
