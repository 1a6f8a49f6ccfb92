/**
 * The Pulumi program: {@link dev.nordfaas.Nordfaas} runs {@link dev.nordfaas.Platform}, and what
 * others add to it.
 */
@NullMarked
package dev.nordfaas;

import org.jspecify.annotations.NullMarked;
