package dev.nordfaas.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Describes one key of the stack config: what it means, its default and its bounds.
 *
 * <p>This is the only place where a key is documented. The loader takes defaults and bounds from
 * here, and {@code docs/stack-config.md} and the JSON Schema are generated from here.
 *
 * <p>A key without {@link #defaultValue()} is required, unless its type is {@link
 * java.util.Optional}.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Key {

  /** One or more sentences for the reference; the first one is shown by editors. */
  String value();

  /** The key's name where Java reserves that word; empty: the component's. */
  String name() default "";

  /** The default as YAML, for example {@code 30s} or {@code {min: 1, max: 4}}; empty: none. */
  String defaultValue() default "";

  /** A valid value for the reference; required keys need one. */
  String example() default "";

  /** The smallest number allowed, inclusive. */
  long min() default Long.MIN_VALUE;

  /** The largest number allowed, inclusive. */
  long max() default Long.MAX_VALUE;

  /** A regular expression that the whole string, or each element of a list, has to match. */
  String pattern() default "";

  /** A regular expression that each key of a map has to match. */
  String keyPattern() default "";

  /** What a value that matches {@link #pattern()} looks like, in words, for the error message. */
  String hint() default "";

  /** What a map key that matches {@link #keyPattern()} looks like, in words. */
  String keyHint() default "";

  /**
   * Whether a string may be given as a whole number without quotes, which is read as its digits.
   */
  boolean integers() default false;

  /** Whether a list or map needs at least one element. */
  boolean notEmpty() default false;

  /** Earlier names of the key, at the same place, which are accepted with a warning for a while. */
  Renamed[] renamedFrom() default {};
}
