/**
 * The plan that a reviewer approved, and what it is bound to: called by {@code tools/stack}, see
 * {@code docs/ci.md}.
 */
@NullMarked
package dev.nordfaas.approval;

import org.jspecify.annotations.NullMarked;
