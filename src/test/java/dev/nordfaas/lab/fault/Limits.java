package dev.nordfaas.lab.fault;

import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The limits of one fault.
 *
 * @param each for each kind of request
 */
public record Limits(Map<Traffic, Limit> each) {
  public Limits {
    each = Collections.unmodifiableMap(new EnumMap<>(each));
  }

  /** The same for all. */
  public static Limits of(Limit limit) {
    return new Limits(
        Arrays.stream(Traffic.values()).collect(Collectors.toMap(kind -> kind, kind -> limit)));
  }

  /** The same seconds for all, all the time. */
  public static Limits of(int seconds) {
    return of(Limit.of(seconds));
  }

  /** With another one for one kind. */
  public Limits with(Traffic kind, Limit limit) {
    var changed = new EnumMap<>(each);
    changed.put(kind, limit);
    return new Limits(changed);
  }

  /** What whoever needs the database may wait for. */
  public Limits withDatabase(Limit limit) {
    return with(Traffic.CALL, limit).with(Traffic.SESSION, limit);
  }

  /** All of them some times as long. */
  public Limits times(int factor) {
    var changed = new EnumMap<>(each);
    changed.replaceAll((kind, limit) -> limit.times(factor));
    return new Limits(changed);
  }

  public Limit of(Traffic kind) {
    return each.get(kind);
  }

  /** The longest of them. */
  public Limit longest() {
    return each.values().stream().max(Comparator.comparing(Limit::gap)).orElseThrow();
  }
}
