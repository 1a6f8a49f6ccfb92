/** Writes {@code docs/stack-config.md} and its JSON Schema. */
@NullMarked
package dev.nordfaas.config.reference;

import org.jspecify.annotations.NullMarked;
