/** The environment, read and checked once at the start. */
@NullMarked
package dev.nordfaas.queueworker.config;

import org.jspecify.annotations.NullMarked;
