package dev.nordfaas.config;

/** Says why a text cannot be the value of a key, in a clause, and what to do about it. */
public final class UnusableValueException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;
  private final String fix;
  private final boolean confidential;

  UnusableValueException(String reason, String fix) {
    this(reason, fix, false);
  }

  UnusableValueException(String reason, String fix, boolean confidential) {
    super(reason);
    this.fix = fix;
    this.confidential = confidential;
  }

  /** What to do about it. */
  public String fix() {
    return fix;
  }

  /** Whether the text must not be shown. */
  public boolean isConfidential() {
    return confidential;
  }
}
