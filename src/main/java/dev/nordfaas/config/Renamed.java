package dev.nordfaas.config;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** An earlier name of a key, which goes on working for a minor release. */
@Retention(RetentionPolicy.RUNTIME)
@Target({})
public @interface Renamed {

  /** The earlier name. */
  String from();

  /** The release that brought the new name, such as {@code 0.1}. */
  String since();

  /** The release that refuses the earlier name, such as {@code 0.2}. */
  String until();

  /** What becomes of the value. */
  Shape shape() default Shape.SAME;

  /** How the value of an earlier name was written. */
  enum Shape {
    /** As it is now. */
    SAME,
    /** As the only element of what is a list now. */
    ELEMENT
  }
}
