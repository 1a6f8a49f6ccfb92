/** Rules over the whole stack config that run at preview and in unit tests. */
@NullMarked
package dev.nordfaas.policy;

import org.jspecify.annotations.NullMarked;
