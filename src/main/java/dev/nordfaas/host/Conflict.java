package dev.nordfaas.host;

import java.math.BigInteger;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.regex.Pattern;

/**
 * What a setting cannot live beside.
 *
 * @param with the other setting; the setting itself where only one value of it will do
 * @param between what is wrong with the setting's own value beside the other's, if anything
 */
public record Conflict(String with, BiFunction<String, String, Optional<Fight>> between) {
  private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,30}");

  /**
   * Two values that fight.
   *
   * @param reason what goes wrong, as a clause
   * @param fix what to do about it
   */
  public record Fight(String reason, String fix) {}

  /** The setting itself has to keep the one value that the cluster stands on. */
  static Conflict unlessKept(String name, String value, String reason) {
    return new Conflict(
        name,
        (own, same) ->
            own.equals(value)
                ? Optional.empty()
                : Optional.of(new Fight(reason, "remove it or use \"%s\"".formatted(value))));
  }

  /** The setting itself must not be lower than a number. */
  static Conflict ifBelow(String name, String least, String reason) {
    return new Conflict(
        name,
        (own, same) ->
            isAbove(least, own)
                ? Optional.of(new Fight(reason, "remove it or use %s or more".formatted(least)))
                : Optional.empty());
  }

  /** The setting must not be higher than another one. */
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

  /** What is no number is higher than nothing. */
  private static boolean isAbove(String value, String limit) {
    return NUMBER.matcher(value).matches()
        && NUMBER.matcher(limit).matches()
        && new BigInteger(value).compareTo(new BigInteger(limit)) > 0;
  }
}
