/** Inputs of the remote commands. */
@NullMarked
package dev.nordfaas.command.remote.inputs;

import org.jspecify.annotations.NullMarked;
