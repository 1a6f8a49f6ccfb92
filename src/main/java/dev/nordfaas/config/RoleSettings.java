package dev.nordfaas.config;

import java.time.Duration;
import java.util.Optional;

/**
 * Settings of the sessions of one function in PostgreSQL. The keys are its parameters in camel
 * case; only those that any role may set for itself, so none gives it more rights.
 */
public record RoleSettings(
    @Key(
            value =
                "Longest time that one statement may take, from 100ms to the function's timeout.",
            example = "10s")
        Optional<Duration> statementTimeout,
    @Key(
            value =
                "Longest time that a statement waits for a lock, from 100ms to below statementTimeout.",
            example = "2s")
        Optional<Duration> lockTimeout,
    @Key(
            value =
                "How long a transaction may be idle before its connection is closed, from 100ms to 1h; 60s by default.",
            example = "10s")
        Optional<Duration> idleInTransactionSessionTimeout,
    @Key(
            value =
                "Memory of one sort or hash, from 1Mi to 1Gi; the preview counts it for each server connection of the function. By default that of the server.",
            example = "16Mi")
        Optional<ByteSize> workMem,
    @Key(
            value =
                "Isolation of transactions that do not choose one: read-committed, repeatable-read or serializable; read-committed by default.",
            example = "repeatable-read")
        Optional<Isolation> defaultTransactionIsolation) {

  /** No settings: those of the server apply. */
  public static final RoleSettings NONE =
      new RoleSettings(
          Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  /** How far a transaction is isolated from others. */
  public enum Isolation {
    READ_COMMITTED,
    REPEATABLE_READ,
    SERIALIZABLE
  }
}
