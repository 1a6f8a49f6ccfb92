/**
 * Draws the platform of a stack, from its plan alone: what runs where, and who may talk to whom.
 */
@NullMarked
package dev.nordfaas.graph;

import org.jspecify.annotations.NullMarked;
