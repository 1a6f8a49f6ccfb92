package dev.nordfaas.queueworker.nats;

import io.nats.client.impl.Headers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Who sent a request, as the edge verified it: intake stores it with the message, and the worker
 * calls the function with it. Issuer and subject make a caller the same; its claims may differ from
 * one token to the next.
 *
 * @param issuer who vouches for the subject
 * @param subject its name there, percent-encoded
 * @param claims what else is said about it, as JSON
 */
public record Caller(String issuer, String subject, Optional<String> claims) {
  /** Longest issuer and subject. */
  static final int MAX_NAME = 256;

  /** Longest claims. */
  static final int MAX_CLAIMS = 4 << 10;

  private static final Pattern ISSUER = Pattern.compile("[!-~]{1," + MAX_NAME + "}");
  private static final Pattern SUBJECT = Pattern.compile("([!-$&-~]|%[0-9A-Fa-f]{2})++");
  private static final Pattern CLAIMS = Pattern.compile("[ -~]{1," + MAX_CLAIMS + "}");

  /**
   * Whether the headers name one caller, or none.
   *
   * @param headers the values of a header, by its name in any case
   */
  public static boolean isValid(Function<String, List<String>> headers) {
    var issuers = headers.apply(MessageHeaders.CALLER_ISSUER);
    var subjects = headers.apply(MessageHeaders.CALLER_SUBJECT);
    var claims = headers.apply(MessageHeaders.CALLER_CLAIMS);
    if (issuers.isEmpty() && subjects.isEmpty() && claims.isEmpty()) {
      return true;
    }
    return isOne(issuers, ISSUER)
        && isOne(subjects, SUBJECT)
        && subjects.get(0).length() <= MAX_NAME
        && (claims.isEmpty() || isOne(claims, CLAIMS));
  }

  /** The caller that the headers name; empty if they name none, or are not valid. */
  public static Optional<Caller> of(Function<String, List<String>> headers) {
    var issuers = headers.apply(MessageHeaders.CALLER_ISSUER);
    return issuers.isEmpty() || !isValid(headers)
        ? Optional.empty()
        : Optional.of(
            new Caller(
                issuers.get(0),
                headers.apply(MessageHeaders.CALLER_SUBJECT).get(0),
                headers.apply(MessageHeaders.CALLER_CLAIMS).stream().findFirst()));
  }

  private static boolean isOne(List<String> values, Pattern syntax) {
    return values.size() == 1 && syntax.matcher(values.get(0)).matches();
  }

  /** Adds it to the headers of a message. */
  public void inject(Headers headers) {
    headers.put(MessageHeaders.CALLER_ISSUER, issuer);
    headers.put(MessageHeaders.CALLER_SUBJECT, subject);
    claims.ifPresent(text -> headers.put(MessageHeaders.CALLER_CLAIMS, text));
  }

  /** Tells it from all other callers, where nobody needs to know who it is. */
  public byte[] digest() {
    return Sha256.of(
        issuer.getBytes(StandardCharsets.US_ASCII), subject.getBytes(StandardCharsets.US_ASCII));
  }

  /** The digest as the value of a header. */
  public String digestText() {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(digest());
  }
}
