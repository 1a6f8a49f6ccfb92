/** Reads the stack config, checks and completes it key by key, and binds it to the records. */
@NullMarked
package dev.nordfaas.config.check;

import org.jspecify.annotations.NullMarked;
