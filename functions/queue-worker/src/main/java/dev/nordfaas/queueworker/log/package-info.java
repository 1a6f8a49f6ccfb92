/** JSON lines on standard output; never a payload. */
@NullMarked
package dev.nordfaas.queueworker.log;

import org.jspecify.annotations.NullMarked;
