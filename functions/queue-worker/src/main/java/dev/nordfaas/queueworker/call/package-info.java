/** The command {@code call}: one call of a function, made by a schedule. */
@org.jspecify.annotations.NullMarked
package dev.nordfaas.queueworker.call;
