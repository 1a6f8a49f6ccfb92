package dev.nordfaas.jsoncheck;

/**
 * One problem with a body.
 *
 * @param path where, as a JSON Pointer; empty for the whole body
 * @param rule the schema's keyword, or {@code json} if it is not JSON; quotes nothing of the body,
 *     so that it may be logged
 * @param reason what is wrong there; may quote a key of the body
 */
public record Problem(String path, String rule, String reason) {
  /** The rule of a body that cannot be read. */
  public static final String JSON = "json";

  /** A reason may quote names from the body. */
  private static final int MAX_LENGTH = 500;

  /** Shortens the reason. */
  public Problem {
    reason = reason.length() <= MAX_LENGTH ? reason : reason.substring(0, MAX_LENGTH) + "...";
  }

  static Problem ofBody(String reason) {
    return new Problem("", JSON, reason);
  }

  /** Path and reason. */
  public String text() {
    return rule.equals(JSON) ? reason : path + ": " + reason;
  }
}
