package dev.nordfaas.host;

import java.math.BigInteger;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.regex.Pattern;

/**
 * Describes a setting's conflict with another one.
 *
 * @param with the other setting; the setting itself if only some of its values are allowed
 * @param between what is wrong with the setting's own value given the other's, if anything
 */
public record Conflict(String with, BiFunction<String, String, Optional<Fight>> between) {
  private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,30}");

  /**
   * A conflict between two values.
   *
   * @param reason what goes wrong, as a clause
   * @param fix what to do about it
   */
  public record Fight(String reason, String fix) {}

  /** The setting itself has to keep the one value that the cluster relies on. */
  static Conflict unlessKept(String name, String value, String reason) {
    return new Conflict(
        name,
        (own, same) ->
            own.equals(value)
                ? Optional.empty()
                : Optional.of(new Fight(reason, "remove it or use \"%s\"".formatted(value))));
  }

  /** The setting itself must not be below a number. */
  static Conflict ifBelow(String name, String least, String reason) {
    return new Conflict(
        name,
        (own, same) ->
            isAbove(least, own)
                ? Optional.of(new Fight(reason, "remove it or use %s or more".formatted(least)))
                : Optional.empty());
  }

  /** The setting must not be above another one. */
  static Conflict ifAbove(String other, String reason) {
    return new Conflict(
        other,
        (own, limit) ->
            isAbove(own, limit)
                ? Optional.of(new Fight(reason, "change one of the two"))
                : Optional.empty());
  }

  /** While the setting is on, another one must not be off. */
  static Conflict ifOff(String other, String reason) {
    return new Conflict(
        other,
        (own, switched) ->
            !own.equals("0") && switched.equals("0")
                ? Optional.of(new Fight(reason, "change one of the two"))
                : Optional.empty());
  }

  /** A value that is not a number is never above another. */
  private static boolean isAbove(String value, String limit) {
    return NUMBER.matcher(value).matches()
        && NUMBER.matcher(limit).matches()
        && new BigInteger(value).compareTo(new BigInteger(limit)) > 0;
  }
}
