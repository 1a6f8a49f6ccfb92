/**
 * Tests of a stack without an engine: what its config plans, and what the program registers for it.
 *
 * <p>{@link dev.nordfaas.testing.Stacks} reads a {@code Pulumi.<stack>.yaml}, {@link
 * dev.nordfaas.testing.PlanAssert} asserts what follows from it, {@link
 * dev.nordfaas.testing.Recorded} runs the program with mocks, and {@link
 * dev.nordfaas.testing.Golden} compares what it registers with files.
 */
@NullMarked
package dev.nordfaas.testing;

import org.jspecify.annotations.NullMarked;
