/** Checks whether a stack's hosts match its config, before they are touched. */
@NullMarked
package dev.nordfaas.doctor;

import org.jspecify.annotations.NullMarked;
