/** Typed bindings of the Pulumi Command provider, true to its schema 1.2.1. */
@NullMarked
package dev.nordfaas.command;

import org.jspecify.annotations.NullMarked;
