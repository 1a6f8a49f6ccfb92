/** Commands and copies over SSH. */
@NullMarked
package dev.nordfaas.command.remote;

import org.jspecify.annotations.NullMarked;
