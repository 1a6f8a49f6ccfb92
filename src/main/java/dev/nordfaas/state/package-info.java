/** Repairs the state that a killed run of Pulumi has left: called by {@code tools/stack}. */
@NullMarked
package dev.nordfaas.state;

import org.jspecify.annotations.NullMarked;
