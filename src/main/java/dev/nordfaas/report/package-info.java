/**
 * What a change of a stack means, on one page for those who decide on it: from the plan of its
 * config, and from the engine's preview if there is one.
 */
@NullMarked
package dev.nordfaas.report;

import org.jspecify.annotations.NullMarked;
