/** How commands connect that are their pod's first act. */
@NullMarked
package dev.nordfaas.queueworker.connect;

import org.jspecify.annotations.NullMarked;
