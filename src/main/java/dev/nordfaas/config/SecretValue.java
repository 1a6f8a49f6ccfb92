package dev.nordfaas.config;

import com.pulumi.core.Output;
import java.util.regex.Pattern;

/**
 * A value that is encrypted in the stack config ({@code pulumi config set --secret --path …}). It
 * leaves this class only as a secret {@link Output}, so that it cannot be logged by accident.
 */
public final class SecretValue {
  /** What stands for a secret in a stack's file, which nobody can decrypt without the CLI. */
  public static final String UNREAD = "[secret]";

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

  /** Whether it has fewer characters; nobody knows of one that is {@link #UNREAD}. */
  public boolean isShorterThan(int characters) {
    return !value.equals(UNREAD) && value.length() < characters;
  }

  /** Whether it is known, and of another form. */
  public boolean isUnlike(Pattern form) {
    return !value.equals(UNREAD) && !form.matcher(value).matches();
  }

  /** Whether both are known, and the same. */
  public boolean isKnownAs(SecretValue other) {
    return !value.equals(UNREAD) && value.equals(other.value);
  }

  @Override
  public String toString() {
    return UNREAD;
  }
}
