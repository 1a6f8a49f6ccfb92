package dev.nordfaas.config.model;

/**
 * Why something in the config cannot be used.
 *
 * @param reason a clause whose subject is the key or its value
 * @param fix what to do instead
 */
public record Refusal(String reason, String fix) {}
