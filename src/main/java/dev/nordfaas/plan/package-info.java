/** The contents of a stack as plain data, derived once from its config, before anything exists. */
@NullMarked
package dev.nordfaas.plan;

import org.jspecify.annotations.NullMarked;
