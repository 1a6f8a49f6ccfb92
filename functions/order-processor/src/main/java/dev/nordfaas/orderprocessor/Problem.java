package dev.nordfaas.orderprocessor;

/**
 * One problem with a request.
 *
 * @param path where, such as {@code items[0].quantity}; empty for the whole body
 * @param reason what is wrong there; without the value, which is the customer's
 */
record Problem(String path, String reason) {}
