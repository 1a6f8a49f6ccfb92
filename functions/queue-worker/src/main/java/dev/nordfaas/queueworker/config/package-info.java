/** The environment, read and checked once at startup. */
@NullMarked
package dev.nordfaas.queueworker.config;

import org.jspecify.annotations.NullMarked;
