/** Says, while {@code up} waits, which pods find no room on the nodes, and why. */
@NullMarked
package dev.nordfaas.scheduling;

import org.jspecify.annotations.NullMarked;
