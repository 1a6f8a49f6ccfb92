package dev.nordfaas.report;

/**
 * Something that runs, and stops and starts again.
 *
 * @param what such as {@code Deployment order-processor}
 * @param certain false if that depends on values that are not known yet, or on an operator
 */
record Restart(String what, boolean certain) {}
