/** What a stack consists of, derived once from its config: plain data, before anything exists. */
@NullMarked
package dev.nordfaas.plan;

import org.jspecify.annotations.NullMarked;
