/** The role that takes messages and calls the function. */
@NullMarked
package dev.nordfaas.queueworker.worker;

import org.jspecify.annotations.NullMarked;
