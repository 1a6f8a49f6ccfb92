/** The command that lists, shows, replays and removes dead letters. */
@NullMarked
package dev.nordfaas.queueworker.deadletters;

import org.jspecify.annotations.NullMarked;
