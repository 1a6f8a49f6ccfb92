package dev.nordfaas.config;

/** A rule across the keys of a stack config. */
@FunctionalInterface
public interface Rule {
  /** Adds what is wrong; never throws for a config that is well-formed key by key. */
  void check(StackConfig config, Problems problems);
}
