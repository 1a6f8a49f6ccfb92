/** The role that takes requests in and answers 202 after the PubAck. */
@NullMarked
package dev.nordfaas.queueworker.intake;

import org.jspecify.annotations.NullMarked;
