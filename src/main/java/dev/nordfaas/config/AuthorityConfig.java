package dev.nordfaas.config;

/** Who issues client certificates. */
public record AuthorityConfig(
    @Key(value = "PEM certificates of the authority.", example = "-----BEGIN CERTIFICATE-----")
        String roots) {}
