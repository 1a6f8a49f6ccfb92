/**
 * Typed bindings of the Pulumi Command provider, following its schema 1.2.1. The packages are named
 * as in the official Java SDK, so that it can replace them.
 */
@NullMarked
package dev.nordfaas.command;

import org.jspecify.annotations.NullMarked;
