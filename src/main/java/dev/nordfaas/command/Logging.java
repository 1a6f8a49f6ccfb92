package dev.nordfaas.command;

import com.pulumi.core.annotations.EnumType;

/** Which parts of a command's output go into the engine's log. */
@EnumType
public enum Logging {
  STDOUT("stdout"),
  STDERR("stderr"),
  STDOUT_AND_STDERR("stdoutAndStderr"),
  NONE("none");

  private final String value;

  Logging(String value) {
    this.value = value;
  }

  /** The value as the provider's schema writes it. */
  @EnumType.Converter
  public String getValue() {
    return value;
  }
}
