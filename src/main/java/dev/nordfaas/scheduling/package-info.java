/** Reports, while {@code up} waits, which pods do not fit on the nodes, and why. */
@NullMarked
package dev.nordfaas.scheduling;

import org.jspecify.annotations.NullMarked;
