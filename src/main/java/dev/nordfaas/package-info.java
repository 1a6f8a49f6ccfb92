/** The Pulumi program: {@link dev.nordfaas.Main} runs {@link dev.nordfaas.Platform}. */
@NullMarked
package dev.nordfaas;

import org.jspecify.annotations.NullMarked;
