package dev.nordfaas.config;

import java.util.Optional;

/** A key that the user gives to one caller. */
public record ApiKeyConfig(
    @Key("The key, of at least 32 characters (secret). The edge only gets its SHA-256.")
        SecretValue key,
    @Key("The key before it, which stays valid as long as it is here (secret).")
        Optional<SecretValue> previous) {}
