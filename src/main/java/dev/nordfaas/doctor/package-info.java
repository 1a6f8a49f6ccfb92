/**
 * Checks whether a stack's hosts match its config, and whether they answer, before they are
 * touched.
 */
@NullMarked
package dev.nordfaas.doctor;

import org.jspecify.annotations.NullMarked;
