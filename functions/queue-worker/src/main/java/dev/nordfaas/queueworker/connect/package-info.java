/** How commands connect when their pod has just started. */
@NullMarked
package dev.nordfaas.queueworker.connect;

import org.jspecify.annotations.NullMarked;
