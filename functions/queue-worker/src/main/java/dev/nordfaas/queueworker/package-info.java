/** The asynchronous path: two roles of one image, and the command that replays dead letters. */
@NullMarked
package dev.nordfaas.queueworker;

import org.jspecify.annotations.NullMarked;
