/** JSON, read and written by one mapper. */
@NullMarked
package dev.nordfaas.queueworker.json;

import org.jspecify.annotations.NullMarked;
