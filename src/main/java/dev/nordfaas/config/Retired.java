package dev.nordfaas.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A key that an object of the stack config no longer has: for a minor release it is ignored with a
 * warning, instead of being refused as unknown. Only for keys whose loss changes nothing that a
 * stack relies on; others are refused at once, with what to do in UPGRADING.md.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@Repeatable(Retired.List.class)
public @interface Retired {

  /** The key's name. */
  String key();

  /** The release that no longer has it, such as {@code 0.1}. */
  String since();

  /** The release that refuses it, such as {@code 0.2}. */
  String until();

  /** Why it is gone, in a clause whose subject is the key: {@code follows from the pools}. */
  String reason();

  /** All of one object. */
  @Retention(RetentionPolicy.RUNTIME)
  @Target(ElementType.TYPE)
  @interface List {
    Retired[] value();
  }
}
