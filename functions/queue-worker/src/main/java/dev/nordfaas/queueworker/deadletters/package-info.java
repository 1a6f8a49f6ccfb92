/** The command that lists, shows and replays dead letters. */
@NullMarked
package dev.nordfaas.queueworker.deadletters;

import org.jspecify.annotations.NullMarked;
